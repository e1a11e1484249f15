-- The data folder in whose process a job runs: what it held when its next process begins is held by nobody. Null: begun before this was told.
alter table jobs add column holder {bytes};
-- A message that is decided about takes its dead job along.
create index dead_jobs_of_keys on jobs (tenant_id, install_id, key) where state = 'dead' and key is not null;
