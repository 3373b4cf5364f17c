-- From which organisations a person withholds their case, consent by consent.
create table case_withholding (
    consent_id    uuid    primary key,
    case_code     text    not null collate "C",
    organisations uuid[]  not null,
    withdrawn     boolean not null default false,
    ordinal       bigint  generated always as identity
);
create index case_withholding_case on case_withholding (case_code);

-- It lasts until a later consent says otherwise: a withdrawal opens nothing to anybody (decision 30).
create function is_withheld(code text, reader uuid) returns boolean
    language sql stable parallel safe
return exists (
    select from case_withholding c
    where c.case_code = code and reader = any (c.organisations)
      and (not c.withdrawn
           or c.ordinal = (select max(l.ordinal) from case_withholding l where l.case_code = code))
    union all
    -- something that the person said waits, because it could not be processed: perhaps that it is withheld (decision 42)
    select from consumer_position p
    where p.consumer = 'withholding' and p.key = code and p.parked);
