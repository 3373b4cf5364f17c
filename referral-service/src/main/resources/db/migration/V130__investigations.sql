-- How far justice has come with each referral to the police.
create table investigation (
    referral_id uuid primary key,
    police      uuid        not null,
    step        text        not null, -- investigation, refused, prosecution, conviction, acquittal, discontinued
    reported_at timestamptz not null,
    report_by   timestamptz,          -- when the police are to be heard of; null where it has ended
    told        text                  -- reminder, supervisor, coordinator
);
create index referral_view_police on referral_view (requested_by, stated_at) where service = 'POLICE';

-- Whether the person withholds a case from authorities; it lasts as is_withheld says.
create function is_withheld_from_authorities(code text) returns boolean
    language sql stable parallel safe
return exists (
    select from case_consent c
    where c.case_code = code and c.withheld_from_authorities
      and (not c.withdrawn
           or c.ordinal = (select max(l.ordinal) from case_consent l where l.case_code = code)));
