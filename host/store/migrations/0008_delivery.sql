-- What became of a message on its way out, JSON; null where no channel carries it.
alter table messages add column delivery text;
