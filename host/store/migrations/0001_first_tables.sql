-- Ids are UUIDv7, 16 bytes: they sort by birth, but are never cursors, as commits overtake each other. Times are microseconds since 1970.
-- Every primary key begins with the tenant: no statement can forget it and still use the index.

create table tenants (
    id       {bytes} primary key,
    slug     text not null unique,
    name     text not null,
    key      {bytes} not null,        -- secret; makes derived ids
    sequence bigint not null,         -- of the last event
    number   bigint not null,         -- of the last ticket
    low      bigint not null,         -- every event up to here has been handled
    done     text not null,           -- JSON list of those handled above it
    owner    text,                    -- the node that dispatches for this tenant
    epoch    bigint not null          -- grows when the owner changes; each commit checks it
);

create table agents (
    tenant_id     {bytes} not null references tenants,
    id            {bytes} not null,
    name          text not null,
    email         text not null,
    role          text not null,
    password_hash text,
    primary key (tenant_id, id),
    unique (tenant_id, email)
);

create table agent_groups (
    tenant_id {bytes} not null references tenants,
    id        {bytes} not null,
    name      text not null,
    primary key (tenant_id, id)
);

create table members (
    tenant_id {bytes} not null references tenants,
    group_id  {bytes} not null,
    agent_id  {bytes} not null,
    primary key (tenant_id, group_id, agent_id)
);

create table tokens (
    tenant_id  {bytes} not null references tenants,
    hash       {bytes} not null,      -- of the secret, which is kept nowhere
    id         {bytes} not null,
    name       text not null,
    agent_id   {bytes},               -- in whose name it acts
    scopes     text not null,         -- JSON list
    created_at bigint not null,
    expires_at bigint,
    primary key (tenant_id, hash)
);

create table sessions (
    tenant_id  {bytes} not null references tenants,
    hash       {bytes} not null,
    agent_id   {bytes} not null,
    csrf       text not null,
    created_at bigint not null,
    expires_at bigint not null,
    primary key (tenant_id, hash)
);

create table customers (
    tenant_id {bytes} not null references tenants,
    id        {bytes} not null,
    version   bigint not null,
    name      text not null,
    primary key (tenant_id, id)
);

create table identities (
    tenant_id   {bytes} not null references tenants,
    name        text not null,        -- scheme:value
    customer_id {bytes} not null,
    verified    bigint not null,
    primary key (tenant_id, name)
);
create index identities_of_a_customer on identities (tenant_id, customer_id);

-- The document is the ticket; the columns beside it are copies, to find, list and sort by.
create table tickets (
    tenant_id  {bytes} not null references tenants,
    id         {bytes} not null,
    number     bigint not null,
    version    bigint not null,
    state      text not null,
    subject    text not null,
    requester  {bytes} not null,
    assignee   {bytes},
    group_id   {bytes},
    priority   bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    document   text not null,
    primary key (tenant_id, id),
    unique (tenant_id, number)
);
create index tickets_newest on tickets (tenant_id, created_at desc, id desc);
create index tickets_of_a_state on tickets (tenant_id, state, created_at desc, id desc);

create table messages (
    tenant_id   {bytes} not null references tenants,
    id          {bytes} not null,
    ticket_id   {bytes} not null,
    place       bigint not null,      -- the sequence of its event, then its place in it: the order in which people read
    at          bigint not null,
    author_kind text not null,
    author_id   {bytes} not null,
    visibility  text not null,
    text        text not null,
    html        text,
    attachments text not null,
    fields      text not null,
    primary key (tenant_id, id)
);
create index messages_of_a_ticket on messages (tenant_id, ticket_id, place);

create table files (
    tenant_id  {bytes} not null references tenants,
    id         {bytes} not null,
    name       text not null,
    media_type text not null,
    at         bigint not null,
    content    {bytes} not null,
    primary key (tenant_id, id)
);

create table records (
    tenant_id  {bytes} not null references tenants,
    install_id {bytes} not null,
    collection text not null,
    key        text not null,
    version    bigint not null,
    body       text,                  -- null once deleted: the version goes on, so that a late writer is seen
    updated_at bigint not null,
    primary key (tenant_id, install_id, collection, key)
);

create table installs (
    tenant_id     {bytes} not null references tenants,
    id            {bytes} not null,
    plugin        text not null,
    version       text not null,
    digest        text not null,
    epoch         bigint not null,
    state         text not null,
    position      bigint not null,
    from_sequence bigint not null,
    manifest      text not null,
    settings      text not null,
    grants        text not null,
    primary key (tenant_id, id),
    unique (tenant_id, plugin)
);

-- The log. Gapless per tenant, never changed; changes are complete, so that any past state of a ticket can be folded from it.
create table events (
    tenant_id      {bytes} not null references tenants,
    sequence       bigint not null,
    lane           {bytes} not null,
    kind           text not null,
    at             bigint not null,
    actor_kind     text not null,
    actor_id       {bytes} not null,
    ticket_id      {bytes},
    ticket_version bigint,
    customer_id    {bytes},
    changes        text not null,
    data           text not null,
    cause_event    bigint,
    cause_install  {bytes},
    cause_plugin   text,
    cause_digest   text,
    root           bigint,            -- null where the event begins its own chain
    depth          bigint not null,
    because        text,
    primary key (tenant_id, sequence)
);
create index events_of_a_lane on events (tenant_id, lane, sequence);

-- Only exceptions have rows: a delivery that failed or was slow, until its install has caught up in that lane.
create table parked (
    tenant_id  {bytes} not null references tenants,
    install_id {bytes} not null,
    lane       {bytes} not null,
    sequence   bigint not null,       -- to go on from
    attempts   bigint not null,
    due_at     bigint not null,
    reason     text not null,
    primary key (tenant_id, install_id, lane)
);

create table dead_letters (
    tenant_id  {bytes} not null references tenants,
    install_id {bytes} not null,
    sequence   bigint not null,
    reason     text not null,
    at         bigint not null,
    primary key (tenant_id, install_id, sequence)
);
