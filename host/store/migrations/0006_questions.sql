-- What tickets are found, counted and summed by: copies from their documents, as expressions name them. The program fills them once these are there.

alter table tickets add column kind           text   not null default '';
alter table tickets add column channel        text   not null default '';
alter table tickets add column impact         bigint not null default 0;
alter table tickets add column urgency        bigint not null default 0;
alter table tickets add column pending_reason text;
alter table tickets add column pending_until  bigint;
alter table tickets add column solved_at      bigint;
alter table tickets add column reopen_count   bigint not null default 0;
alter table tickets add column merged_into    {bytes};
alter table tickets add column legal_hold     bigint not null default 0;
alter table tickets add column is_open        bigint not null default 0;  -- new, open or pending: what most lists are about

-- Newest first, of those that are worked on: by whom, by nobody, in which group.
create index tickets_open on tickets (tenant_id, is_open, created_at desc, id desc);
create index tickets_of_an_agent on tickets (tenant_id, assignee, is_open, created_at desc, id desc) where assignee is not null;
create index tickets_of_nobody on tickets (tenant_id, is_open, created_at desc, id desc) where assignee is null;
create index tickets_of_a_group on tickets (tenant_id, group_id, is_open, created_at desc, id desc) where group_id is not null;
create index tickets_solved on tickets (tenant_id, solved_at desc, id desc) where solved_at is not null;

-- A value stands in the column for its type: a field is compared by the type that its manifest declares, and what is of another type is no value.
drop table ticket_fields;
create table ticket_fields (
    tenant_id {bytes} not null references tenants,
    ticket_id {bytes} not null,
    field     text not null,          -- publisher/name/field, or tags
    place     bigint not null,        -- in a list
    number    bigint,                 -- a whole number
    real      double precision,       -- any number, a whole one too
    truth     bigint,
    at        bigint,                 -- an instant
    text      text,
    item      text,                   -- of a list of texts, a row each
    primary key (tenant_id, ticket_id, field, place)
);
create index ticket_fields_by_number on ticket_fields (tenant_id, field, number, ticket_id) where number is not null;
create index ticket_fields_by_real on ticket_fields (tenant_id, field, real, ticket_id) where real is not null;
create index ticket_fields_by_truth on ticket_fields (tenant_id, field, truth, ticket_id) where truth is not null;
create index ticket_fields_by_instant on ticket_fields (tenant_id, field, at, ticket_id) where at is not null;
create index ticket_fields_by_text on ticket_fields (tenant_id, field, text, ticket_id) where text is not null;
create index ticket_fields_by_item on ticket_fields (tenant_id, field, item, ticket_id) where item is not null;
