-- People with rights per group, customers with groups, participants, the suspended queue, jobs, secrets.

alter table tenants add column zone text not null default 'UTC';        -- IANA; in which schedules are read
alter table tenants add column directory bigint not null default 0;     -- version of people and groups: what is kept of them in memory is as old as this says

alter table agents add column elsewhere text not null default 'change'; -- access to tickets of groups that he is no member of
alter table agents add column active bigint not null default 1;
alter table members add column access text not null default 'change';

create table customer_groups (
    tenant_id      {bytes} not null references tenants,
    id             {bytes} not null,
    name           text not null,
    kind           text not null,     -- organisation or group
    shares_tickets bigint not null,
    primary key (tenant_id, id),
    unique (tenant_id, name)
);

alter table customers add column document text not null default '{}';   -- groups, locale, plugins' fields

-- What rests in the suspended queue has no number, so the column takes null now; and the host finds by `due_at` what it is to do by itself.
create table tickets_with_optional_number (
    tenant_id  {bytes} not null references tenants,
    id         {bytes} not null,
    number     bigint,
    version    bigint not null,
    state      text not null,
    subject    text not null,
    requester  {bytes} not null,
    assignee   {bytes},
    group_id   {bytes},
    priority   bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    due_at     bigint,
    document   text not null,
    primary key (tenant_id, id),
    unique (tenant_id, number)
);
insert into tickets_with_optional_number (tenant_id, id, number, version, state, subject, requester, assignee, group_id, priority, created_at, updated_at, document)
    select tenant_id, id, number, version, state, subject, requester, assignee, group_id, priority, created_at, updated_at, document from tickets;
drop table tickets;
alter table tickets_with_optional_number rename to tickets;
create index tickets_newest on tickets (tenant_id, created_at desc, id desc);
create index tickets_of_a_state on tickets (tenant_id, state, created_at desc, id desc);
create index tickets_of_a_requester on tickets (tenant_id, requester, created_at desc, id desc);
create index tickets_due on tickets (due_at) where due_at is not null;

-- Who takes part, to find his tickets by; the ticket's document is what counts.
create table participants (
    tenant_id {bytes} not null references tenants,
    who_kind  text not null,
    who_id    {bytes} not null,
    ticket_id {bytes} not null,
    role      text not null,
    until     bigint,
    primary key (tenant_id, who_kind, who_id, ticket_id, role)
);
create index participants_of_a_ticket on participants (tenant_id, ticket_id);

-- A job is enqueued by the commit of the effects that it belongs to, and goes with the commit of its own.
create table jobs (
    tenant_id   {bytes} not null references tenants,
    id          {bytes} not null,
    install_id  {bytes} not null,
    name        text not null,
    key         text,
    payload     text not null,
    due_at      bigint not null,
    state       text not null,        -- waiting, running or dead
    attempt     bigint not null,      -- attempts that have begun
    lease_until bigint,               -- until then nobody else takes it; null unless running
    cause_event bigint,
    root        bigint,
    depth       bigint not null,
    ticket_id   {bytes},
    reason      text,                 -- why its last attempt failed
    primary key (tenant_id, id),
    constraint a_running_job_has_a_lease check ((state = 'running') = (lease_until is not null))
);
create unique index one_waiting_job_of_a_key on jobs (tenant_id, install_id, key) where state = 'waiting' and key is not null;
create index jobs_due on jobs (state, due_at);

create table secrets (
    tenant_id  {bytes} not null references tenants,
    install_id {bytes} not null,
    name       text not null,
    sealed     {bytes} not null,      -- by the master key
    primary key (tenant_id, install_id, name)
);

-- Answers to requests that said an idempotency key, so that the same request again is answered the same.
create table answered_requests (
    tenant_id  {bytes} not null references tenants,
    agent_id   {bytes} not null,
    key        text not null,
    request    {bytes} not null,      -- sha-256 of method, address and body
    made       {bytes} not null,      -- the id of what it made
    at         bigint not null,
    primary key (tenant_id, agent_id, key)
);
