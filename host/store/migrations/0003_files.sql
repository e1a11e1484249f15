-- Large files stand beside the database, in the files folder; small ones in it.

create table files_beside (
    tenant_id  {bytes} not null references tenants,
    id         {bytes} not null,
    name       text not null,
    media_type text not null,
    at         bigint not null,
    size       bigint not null,
    ticket_id  {bytes},               -- the first ticket on which a message named it: who may see that may see the file
    content    {bytes},               -- null where it stands beside the database
    primary key (tenant_id, id)
);
insert into files_beside (tenant_id, id, name, media_type, at, size, content)
    select tenant_id, id, name, media_type, at, length(content), content from files;
drop table files;
alter table files_beside rename to files;
