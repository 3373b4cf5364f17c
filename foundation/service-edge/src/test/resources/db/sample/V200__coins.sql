create table coins (colour text primary key, count bigint not null);
