-- Plugins' fields that their manifests declare as indexed: found by value, whatever plugin they are of.

create table ticket_fields (
    tenant_id {bytes} not null references tenants,
    ticket_id {bytes} not null,
    field     text not null,          -- publisher/name/field
    place     bigint not null,        -- in a list
    number    bigint,                 -- of whole numbers, booleans and instants
    text      text,                   -- of texts; of lists of texts a row each
    primary key (tenant_id, ticket_id, field, place)
);
create index ticket_fields_by_text on ticket_fields (tenant_id, field, text, ticket_id);
create index ticket_fields_by_number on ticket_fields (tenant_id, field, number, ticket_id);
