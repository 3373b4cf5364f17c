-- What was told of investigations and hand-overs, to be counted: codes and clocks, and no case code; but a referral's id leads
-- to its case in ledger_entry, also after an erasure. One row per public event.
create table outcome_step (
    source   text        not null,
    sequence bigint      not null,
    register text        not null, -- investigations, hand-overs or arrivals
    subject  uuid        not null, -- the referral to the police, or the hand-over
    step     text        not null,
    told_at  timestamptz not null, -- by the clock of the source
    primary key (source, sequence)
);
