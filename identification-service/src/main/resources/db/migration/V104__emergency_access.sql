-- Broken glasses by case and by account; written with their events. Nothing in it names anybody: accounts are hashes.
create table glass (
    glass_id     uuid primary key,
    account      text        not null collate "C", -- SHA-256 of issuer, line feed, subject; hexadecimal
    case_code    text        not null collate "C",
    owner        uuid        not null,
    organisation uuid        not null,
    broken_at    timestamptz not null,
    open_until   timestamptz not null,
    review_by    timestamptz not null,
    reviewed_at  timestamptz
);
create index glass_of_account on glass (account, case_code);
create index glass_unreviewed on glass (broken_at, glass_id) where reviewed_at is null;

-- What a person withholds from organisations they name. It closes the case to every role there, the coordination too.
alter table case_withholding add column organisations varchar[] not null default '{}';
alter table case_list add column withheld_from_organisations varchar[] not null default '{}';

update case_withholding w
set organisations = array(
        select jsonb_array_elements_text(convert_from(e.data, 'UTF8')::jsonb #> '{consent,withheldFrom,organisations}')
        from event e
        where e.stream_id = 'case-' || w.case_code and e.version = w.version
          and e.type = 'identification.consent-recorded');
update case_list c
set withheld_from_organisations = array(
        select distinct unnest(w.organisations)
        from case_withholding w
        where w.case_code = c.case_code
          and (not w.withdrawn
               or w.version = (select max(l.version) from case_withholding l where l.case_code = c.case_code)))
where exists (select 1 from case_withholding w where w.case_code = c.case_code and w.organisations <> '{}');
