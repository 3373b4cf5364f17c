-- What whoever gives a service proposes to the sender: a counter-referral, or a referral onward.
create table proposal (
    proposal_id  uuid primary key, -- of an onward referral that is agreed to also the new need and its referral
    referral_id  uuid        not null,
    case_code    text        not null collate "C",
    requested_by uuid        not null,
    proposed_by  uuid        not null,
    kind         text        not null,
    outcome      text,
    needs        text[]      not null,
    urgency      text        not null,
    place        text        not null,
    proposed_at  timestamptz not null,
    answer_by    timestamptz,      -- null once it is answered
    told         text,             -- reminder, supervisor, coordinator
    answer       text,             -- agreed, refused, acknowledged
    reason       text,
    answered_at  timestamptz
);
create index proposal_to on proposal (requested_by, proposed_at);
create index proposal_by on proposal (proposed_by, proposed_at);
