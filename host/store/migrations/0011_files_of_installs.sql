-- Whose file it is until a ticket names it: no other install reads it, or gives it to a ticket. Null: nobody's, or kept before this was told.
alter table files add column install_id {bytes};
