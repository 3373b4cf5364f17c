-- What a consent withholds lasts until a later consent says otherwise: which one is later.
alter table case_consent add column ordinal bigint generated always as identity;

-- The consents taken so far get the clocks that new ones get when they are recorded.
insert into stream (id, category, version, last_recorded_at)
select distinct 'consent-' || case_code, 'consent', 0, '-infinity'::timestamptz
from case_consent where valid_until is not null and not withdrawn
on conflict do nothing;
insert into deadline (stream_id, name, due_at, not_before)
select 'consent-' || case_code, 'valid-until:' || consent_id, valid_until, valid_until
from case_consent where valid_until is not null and not withdrawn
on conflict do nothing;

-- Who waits, the most pressing first: after a change of the directory.
create index referral_view_waiting on referral_view (due_at, referral_id) where state in ('waiting', 'gap');
