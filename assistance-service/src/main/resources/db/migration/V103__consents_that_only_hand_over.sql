-- A consent to a hand-over across a border alone says nothing of who may know of the case here: it lifts nothing that an
-- earlier one withheld.
alter table case_withholding add column only_hands_over boolean not null default false;

create or replace function is_withheld(code text, reader uuid) returns boolean
    language sql stable parallel safe
return exists (
    select from case_withholding c
    where c.case_code = code and reader = any (c.organisations)
      and (not c.withdrawn
           or not exists (select from case_withholding l
                          where l.case_code = code and l.ordinal > c.ordinal and not l.only_hands_over))
    union all
    -- something that the person said waits, because it could not be processed: perhaps that it is withheld (decision 42)
    select from consumer_position p
    where p.consumer = 'withholding' and p.key = code and p.parked);
