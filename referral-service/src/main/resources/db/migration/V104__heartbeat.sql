-- When this service last said that it is there; one row for all replicas.
create table heartbeat (
    one boolean primary key default true check (one),
    at  timestamptz not null
);
insert into heartbeat (at) values ('-infinity');
