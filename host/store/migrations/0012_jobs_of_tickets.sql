-- Jobs of one ticket: its answers go out one after the other.
create index jobs_of_tickets on jobs (tenant_id, ticket_id) where ticket_id is not null;
