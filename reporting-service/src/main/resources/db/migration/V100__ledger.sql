-- What every service told about a case, as it was told. Rows are only ever added.
create table ledger_entry (
    source       text        not null,
    sequence     bigint      not null,
    case_code    text        not null,
    event_id     text        not null,
    recorded_at  timestamptz not null, -- by the clock of the source
    type         text        not null,
    organisation text,
    referral_id  text,
    service_id   text,
    data         bytea       not null, -- jsonb would not keep it as it was told
    primary key (source, sequence)
);
create index ledger_of_case on ledger_entry (case_code, recorded_at);

-- When a case first reached each stage of the mechanism; null where it has not, or where the fact is still under way.
create table case_milestones (
    case_code    text primary key,
    place        text,
    found_at     timestamptz,
    detected_at  timestamptz,
    screened_at  timestamptz,
    presumed_at  timestamptz,
    referred_at  timestamptz,
    accepted_at  timestamptz,
    assisted_at  timestamptz,
    closed_at    timestamptz
);
create index milestones_by_month on case_milestones (found_at);
