-- Times are microseconds since the epoch.

-- The marketplace itself: one row.
create table marketplace (
    only_one integer primary key check (only_one = 1),
    name     text not null,
    key      text not null,                               -- public; hosts believe no other, so a lost key file is not replaced by a new one
    sequence integer not null check (sequence > 0)        -- of the index: greater with each change of anything below that it shows
) strict;

create table publishers (
    name     text primary key,
    title    text not null,
    added_at integer not null
) strict;

create table keys (
    publisher  text not null references publishers,
    key        text not null,
    added_at   integer not null,
    retired_at integer,                                   -- from then on nothing that it signs is taken; what it signed before stays
    primary key (publisher, key),
    constraint a_key_retires_after_it_came check (retired_at is null or retired_at >= added_at)
) strict;

-- Publishers who ask to be let in. Several may ask for one name: the operator chooses by the key.
create table requests (
    name         text not null,
    key          text not null,
    title        text not null,
    contact      text not null,
    requested_at integer not null,
    primary key (name, key)
) strict;

create table versions (
    digest       text primary key,                        -- of the package
    publisher    text not null references publishers,
    plugin       text not null,                           -- publisher/name
    version      text not null,
    release      text not null,                           -- the version without its build metadata, which makes no difference to what a range takes
    platform     text not null,
    title        text not null,                           -- JSON, by language
    summary      text not null,
    permissions  text not null,                           -- JSON, as the index has them
    signed_by    text not null,
    file         text not null,                           -- sha-256 of the tar: a file never changes, whoever sends the same package with other signatures
    size_bytes   integer not null check (size_bytes > 0),
    index_bytes  integer not null check (index_bytes > 0),
    state        text not null check (state in ('waiting', 'listed', 'rejected', 'unlisted')),
    reason       text,                                    -- why it was rejected
    uploaded_at  integer not null,
    published_at integer,
    foreign key (publisher, signed_by) references keys (publisher, key),
    constraint a_plugin_is_its_publishers check (substr(plugin, 1, length(publisher) + 1) = publisher || '/'),
    constraint a_rejection_has_a_reason check ((state = 'rejected') = (reason is not null)),
    constraint what_is_listed_was_published check (state not in ('listed', 'unlisted') or published_at is not null)
) strict;

-- Whoever comes second with other content finds it taken. What was rejected was never on offer, and its number is free.
create unique index one_package_a_release on versions (plugin, release) where state <> 'rejected';
create index versions_by_publisher on versions (publisher, state);

-- Never taken out again: a host may have been away for long.
create table revocations (
    digest     text primary key references versions,
    reason     text not null,
    revoked_at integer not null,
    revoked_by text                                       -- the publisher's key; null where the operator did it
) strict;
