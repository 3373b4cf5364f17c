-- In which transaction an organisation's entry last changed: with it a transaction asks which entries it sees changed that
-- an index in memory, made in an earlier snapshot, does not hold.
alter table directory_organisation add column changed xid8 not null default pg_current_xact_id();
create index directory_organisation_changed on directory_organisation (changed);
