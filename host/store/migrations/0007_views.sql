-- Questions about tickets that were given a name.

create table views (
    tenant_id   {bytes} not null references tenants,
    id          {bytes} not null,
    audience    text not null,        -- agent, group or everybody
    audience_id {bytes},              -- which agent or group
    position    bigint not null,
    name        text not null,        -- JSON, by language
    filter      text not null,        -- an expression; empty: all
    columns     text not null,        -- JSON list of names
    sort        text not null,        -- JSON list of names, with - before those that descend
    primary key (tenant_id, id),
    constraint a_view_is_somebodys check ((audience = 'everybody') = (audience_id is null))
);
