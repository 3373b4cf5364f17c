-- Needs that waited before there were waiting lists are on none: they are looked at once, as after a change of the directory.
insert into stream (id, category, version, last_recorded_at)
select 'directory-all', 'directory', 0, '-infinity'::timestamptz
where exists (select 1 from referral_view where state in ('waiting', 'gap'))
on conflict do nothing;
insert into deadline (stream_id, name, due_at, not_before)
select 'directory-all', 'changed', now(), now()
where exists (select 1 from referral_view where state in ('waiting', 'gap'))
on conflict do nothing;
