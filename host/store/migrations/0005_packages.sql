-- What of an install is seldom looked at, JSON: where its package came from, versions before and to come, when it was removed.
alter table installs add column history text not null default '{}';

-- A marketplace as it was last seen. Its index has a sequence that only grows: an older one is a replay, and refused.
create table marketplaces (
    key        text primary key,          -- its public key
    address    text not null,
    sequence   bigint not null,
    document   text not null,             -- the signed index, as it came
    fetched_at bigint not null
);
