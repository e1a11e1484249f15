-- How much of its share an install's records take: keys and bodies, in bytes; what is deleted takes nothing.
alter table installs add column record_bytes bigint not null default 0;
update installs set record_bytes = (
    select coalesce(sum(octet_length(r.key) + octet_length(r.body)), 0) from records r
    where r.tenant_id = installs.tenant_id and r.install_id = installs.id and r.body is not null
);
