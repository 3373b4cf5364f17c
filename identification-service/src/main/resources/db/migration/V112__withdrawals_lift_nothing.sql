-- What a withdrawn consent withheld is lifted only by a consent that was recorded after the withdrawal.
alter table case_withholding add column withdrawn_version bigint; -- null where it is not withdrawn, or nobody knows when: it is lifted by nothing

update case_withholding w
set withdrawn_version = (
    select max(e.version) from event e
    where e.stream_id = 'case-' || w.case_code
      and e.type = 'identification.consent-withdrawn'
      and convert_from(e.data, 'UTF8')::jsonb ->> 'consentId' = w.consent_id::text)
where w.withdrawn;

with standing as (
    select w.case_code, w.authorities, w.organisations
    from case_withholding w
    where not w.withdrawn
       or not exists (select from case_withholding l
                      where l.case_code = w.case_code and l.version > w.withdrawn_version and not l.only_hands_over))
update case_list c
set withheld_from_authorities = exists (select from standing s where s.case_code = c.case_code and s.authorities),
    withheld_from_organisations = array(
        select distinct o from standing s cross join unnest(s.organisations) o where s.case_code = c.case_code order by o)
where exists (select from case_withholding w where w.case_code = c.case_code and w.withdrawn);

-- A withdrawal that goes to another country is never given up: why it was not taken when last asked.
alter table exchange_out add column refused text; -- a code

update exchange_out set refused = given_up, given_up = null, next_try_at = clock_timestamp()
where kind = 'withdrawal' and given_up is not null;

-- Those to a country without an address were forgotten.
insert into exchange_out (hand_over_id, kind, country, begun_at)
select h.hand_over_id, 'withdrawal', h.country, min(e.recorded_at)
from hand_over h
join event e on e.stream_id = 'case-' || h.case_code and e.type = 'identification.hand-over-withdrawn'
    and convert_from(e.data, 'UTF8')::jsonb ->> 'handOverId' = h.hand_over_id::text
where not exists (
    select from event t
    where t.stream_id = e.stream_id and t.type = 'identification.hand-over-withdrawal-heard'
      and convert_from(t.data, 'UTF8')::jsonb ->> 'handOverId' = h.hand_over_id::text)
group by h.hand_over_id, h.country
on conflict do nothing;

create index hand_over_of_case on hand_over (case_code);

-- Whether the other country has not heard for a day that somebody has withdrawn.
create function has_withdrawal_unheard(code text) returns boolean
    language sql stable parallel safe
return exists (
    select from hand_over h
    join exchange_out o on o.hand_over_id = h.hand_over_id and o.kind = 'withdrawal'
    where h.case_code = code and o.begun_at < clock_timestamp() - interval '1 day');
