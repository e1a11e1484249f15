-- The ways to records: for each JSON Pointer that a collection declares, the values there, as bytes whose order is the values'.
create table record_entries (
    tenant_id  {bytes} not null references tenants,
    install_id {bytes} not null,
    collection text not null,
    pointer    text not null,
    value      {bytes} not null,
    key        text {by_bytes} not null,
    primary key (tenant_id, install_id, collection, pointer, value, key)
);
-- Which ways each collection has, and how far they are made: those of records that were there before the way was declared are made in slices.
create table record_indexes (
    tenant_id  {bytes} not null references tenants,
    install_id {bytes} not null,
    collection text not null,
    pointers   text not null,            -- JSON list
    stage      text not null,            -- clearing: what stood there goes; making: records up to after_key have theirs; whole
    after_key  text not null,
    primary key (tenant_id, install_id, collection)
);
create index record_indexes_unfinished on record_indexes (tenant_id) where stage <> 'whole';
-- Keys are in the order of their bytes, in both databases.
{keys_by_bytes}
