-- What the list of plans reads. Codes and clocks only; written in the transaction of the plan's events.

create table plan_on_worklist (
    case_code         text primary key collate "C",
    owner             uuid,
    stage             text    not null,           -- NOT_OPENED, OPEN, CLOSED
    opened_at         timestamptz,
    closure           text,                       -- code of the reason; null while it is not closed
    open_referrals    integer not null default 0,
    follow_ups_due    integer not null default 0,
    next_follow_up_at timestamptz,                -- of those that are still to be made
    version           bigint  not null
);
create index plan_on_worklist_owner on plan_on_worklist (owner, next_follow_up_at, case_code);
create index plan_on_worklist_next on plan_on_worklist (next_follow_up_at, case_code);

create table service_on_worklist (
    case_code    text        not null collate "C",
    offer_id     uuid        not null,
    referral_id  uuid        not null,
    service      text        not null,
    organisation uuid        not null,
    agreed_at    timestamptz not null,
    ended        text,                            -- code of how it ended; null while it is being given
    deliveries   integer     not null default 0,
    primary key (case_code, offer_id)
);
create index service_on_worklist_organisation on service_on_worklist (organisation, case_code);

create table referral_on_worklist (
    case_code   text not null collate "C",
    referral_id uuid not null,
    standing    text not null,                    -- OPEN, GAP, ENDED
    primary key (case_code, referral_id)
);

create table follow_up_on_worklist (
    case_code    text        not null collate "C",
    follow_up_id uuid        not null,
    due_at       timestamptz not null,
    state        text        not null,            -- SCHEDULED, DUE, DONE, DROPPED
    primary key (case_code, follow_up_id)
);
