-- An install that does not keep step with its tenant has a cursor of its own, until it has caught up.
create table cursors (
    tenant_id  {bytes} not null references tenants,
    install_id {bytes} not null,
    low        bigint not null,         -- every event up to here has been handled, or is parked
    done       text not null,           -- JSON list of those handled above it
    primary key (tenant_id, install_id)
);
