-- What a withdrawn consent withheld is lifted only by a consent that was recorded after the withdrawal.
alter table case_withholding add column withdrawn_after bigint; -- the last ordinal of the case at that time; null: lifted by nothing

-- When those were withdrawn is not known here: what they withheld is withheld until the person says anew what they want.
update case_withholding c
set withdrawn_after = (select max(l.ordinal) from case_withholding l where l.case_code = c.case_code)
where c.withdrawn;

create or replace function is_withheld(code text, reader uuid) returns boolean
    language sql stable parallel safe
return exists (
    select from case_withholding c
    where c.case_code = code and reader = any (c.organisations)
      and (not c.withdrawn
           or not exists (select from case_withholding l
                          where l.case_code = code and l.ordinal > c.withdrawn_after and not l.only_hands_over))
    union all
    -- something that the person said waits, because it could not be processed: perhaps that it is withheld (decision 42)
    select from consumer_position p
    where p.consumer = 'withholding' and p.key = code and p.parked);
