-- Which cases there are, without anything personal: kept inside every append of a case, so that whoever just wrote
-- reads it. Each row belongs to the stream of its case; nothing else writes it.

create table case_list (
    case_code                 text primary key collate "C",
    owner                     uuid        not null,
    state                     text        not null check (state in ('open', 'closed')),
    place                     text        not null,
    found_at                  timestamptz not null,
    detected_at               timestamptz not null,
    presumed                  boolean     not null default false,
    -- An answer said that somebody must act at once.
    urgent                    boolean     not null default false,
    open_needs                integer     not null default 0,
    next_due_at               timestamptz,
    withheld_from_authorities boolean     not null default false,
    version                   bigint      not null
);
create index case_list_of_owner on case_list (owner, detected_at desc, case_code);
create index case_list_by_time on case_list (detected_at desc, case_code);

create table case_need (
    case_code text        not null collate "C",
    need_id   uuid        not null,
    due_at    timestamptz not null,
    open      boolean     not null,
    primary key (case_code, need_id)
);

-- What consents withhold; what they allow is decided on the case itself.
create table case_withholding (
    case_code   text    not null collate "C",
    consent_id  uuid    not null,
    version     bigint  not null,
    withdrawn   boolean not null default false,
    authorities boolean not null,
    primary key (case_code, consent_id)
);

create table case_provider (
    case_code    text not null collate "C",
    need_id      uuid not null,
    organisation uuid not null,
    standing     text not null check (standing in ('offered', 'providing', 'has-provided')),
    primary key (case_code, need_id, organisation)
);
