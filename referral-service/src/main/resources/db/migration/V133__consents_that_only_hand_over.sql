-- A consent to a hand-over across a border alone says nothing of who may know of the case here: it lifts nothing that an
-- earlier one withheld. As ConsentTerms says.
create or replace function is_withheld(code text, reader uuid) returns boolean
    language sql stable parallel safe
return exists (
    select from case_consent c
    where c.case_code = code and reader = any (c.withheld_from)
      and (not c.withdrawn
           or not exists (select from case_consent l
                          where l.case_code = code and l.ordinal > c.ordinal
                            and not (l.scopes <@ '{cross-border}' and l.scopes <> '{}')))
    union all
    -- something that the person said waits, because it could not be processed: perhaps that it is withheld (decision 42)
    select from consumer_position p
    where p.consumer = 'consent-of-identification' and p.key = code and p.parked);

create or replace function is_withheld_from_authorities(code text) returns boolean
    language sql stable parallel safe
return exists (
    select from case_consent c
    where c.case_code = code and c.withheld_from_authorities
      and (not c.withdrawn
           or not exists (select from case_consent l
                          where l.case_code = code and l.ordinal > c.ordinal
                            and not (l.scopes <@ '{cross-border}' and l.scopes <> '{}')))
    union all
    select from consumer_position p
    where p.consumer = 'consent-of-identification' and p.key = code and p.parked);
