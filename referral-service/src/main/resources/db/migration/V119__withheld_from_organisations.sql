-- Whether what the person said withholds a case from an organisation. It lasts until a later consent says otherwise: a
-- withdrawal opens nothing to anybody (decision 30).
create function is_withheld(code text, reader uuid) returns boolean
    language sql stable parallel safe
return exists (
    select from case_consent c
    where c.case_code = code and reader = any (c.withheld_from)
      and (not c.withdrawn
           or c.ordinal = (select max(l.ordinal) from case_consent l where l.case_code = code))
    union all
    -- something that the person said waits, because it could not be processed: perhaps that it is withheld (decision 42)
    select from consumer_position p
    where p.consumer = 'consent-of-identification' and p.key = code and p.parked);
