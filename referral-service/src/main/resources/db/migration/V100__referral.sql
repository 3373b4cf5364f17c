-- Read models of referral-service. Rows are owned by the stream (or, for case_*, by the consumed case) they come from.

-- What identification-service told of a case: consent decides who may hear of its needs.
create table case_fact (
    case_code          text primary key collate "C",
    owner_organisation uuid,
    closed             boolean not null default false
);

create table case_consent (
    consent_id                uuid primary key,
    case_code                 text    not null collate "C",
    scopes                    text[]  not null,
    any_recipient             boolean not null,
    recipients                uuid[]  not null,
    withheld_from_authorities boolean not null,
    withheld_from             uuid[]  not null,
    valid_until               timestamptz,
    withdrawn                 boolean not null default false
);
create index case_consent_of_case on case_consent (case_code);

create table directory_organisation (
    id          uuid primary key,
    name        text not null,
    description text,
    type        text,
    website     text
);

-- A service is keyed under its organisation: both rows of one that moves to another organisation stay owned.
create table directory_service (
    organisation_id         uuid    not null,
    id                      uuid    not null,
    name                    text    not null,
    description             text,
    status                  text    not null,
    types                   text[]  not null,
    eligible_sexes          text[]  not null,
    minimum_age             integer,
    maximum_age             integer,
    eligibility_description text,
    limited_to_areas        boolean not null,
    areas                   text[]  not null,
    -- over all units; null where the service declares no capacity
    capacity_available      integer,
    capacity_maximum        integer,
    capacity_updated        timestamptz,
    languages               text[]  not null,
    phones                  text[]  not null,
    opening_hours           text[]  not null,
    primary key (organisation_id, id)
);
create index directory_service_types on directory_service using gin (types);
create index directory_service_id on directory_service (id);

create table directory_site (
    organisation_id uuid    not null,
    service_id      uuid    not null,
    location_id     uuid    not null,
    kind            text    not null,
    name            text,
    place           text,
    latitude        double precision,
    longitude       double precision,
    confidential    boolean not null,
    address         text,
    primary key (organisation_id, service_id, location_id)
);
create index directory_site_place on directory_site (place);

create table referral_view (
    referral_id      uuid primary key,
    case_code        text        not null collate "C",
    requested_by     uuid        not null,
    service          text        not null,
    urgency          text        not null,
    place            text        not null,
    age_band         text        not null,
    sex              text        not null,
    stated_at        timestamptz not null,
    due_at           timestamptz not null,
    state            text        not null, -- waiting, gap, offered, accepted, completed, cancelled
    offer_id         uuid,
    offered_to       uuid,
    answer_by        timestamptz,
    provider         uuid,
    provider_service uuid,
    accepted_at      timestamptz,
    ended_at         timestamptz,
    ending           text,                 -- outcome or reason of cancellation
    version          bigint      not null
);
create index referral_view_of_case on referral_view (case_code);
create index referral_view_outbox on referral_view (requested_by, referral_id);

create table offer_view (
    offer_id        uuid primary key,
    referral_id     uuid        not null,
    organisation_id uuid        not null,
    service_id      uuid        not null,
    standing        text        not null, -- open, accepted, declined, expired, withdrawn, late, ended
    reason          text,
    offered_at      timestamptz not null,
    answer_by       timestamptz not null,
    answered_at     timestamptz
);
create index offer_view_inbox on offer_view (organisation_id, referral_id);
create index offer_view_of_referral on offer_view (referral_id);
create index offer_view_capacity on offer_view (service_id) where standing in ('open', 'accepted');

create table task_view (
    referral_id  uuid        not null,
    reason       text        not null,
    case_code    text        not null collate "C",
    requested_by uuid        not null,
    service      text        not null,
    place        text        not null,
    raised_at    timestamptz not null,
    settled_at   timestamptz,
    primary key (referral_id, reason)
);
create index task_view_open on task_view (requested_by, raised_at) where settled_at is null;

create table gap_view (
    referral_id  uuid primary key,
    case_code    text        not null collate "C",
    requested_by uuid        not null,
    service      text        not null,
    place        text        not null,
    found_at     timestamptz not null,
    closed_at    timestamptz
);
create index gap_view_found on gap_view (found_at);

create table subscription (
    id              uuid primary key,
    organisation_id uuid        not null,
    name            text        not null,
    opened_at       timestamptz not null,
    start_seq       bigint      not null -- events after this position of the log
);
create index subscription_of on subscription (organisation_id);

-- Which events concern which organisation; joined with the log, read in the order of the log.
create table concern (
    organisation_id uuid   not null,
    event_id        bigint not null,
    primary key (organisation_id, event_id)
);

-- Signs the positions in lists that clients hold; the same for every replica. 244 random bits.
create table cursor_key (key bytea not null);
insert into cursor_key
values (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
