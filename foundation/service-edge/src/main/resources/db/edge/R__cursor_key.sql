-- Signs the positions in lists that clients hold; the same for every replica. 244 random bits.
-- Repeatable, because the edge is no module of the services' numbered migrations and one of them made the table before.
create table if not exists cursor_key (key bytea not null);
insert into cursor_key
select decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
where not exists (select 1 from cursor_key);
