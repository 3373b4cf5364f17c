-- Hand-overs across a border, on both sides. Nothing here names anybody: codes, countries and times, and files that only
-- their receiver can read.

-- Which case a hand-over is of; written with its events.
create table hand_over (
    hand_over_id uuid primary key,
    case_code    text not null collate "C",
    country      text not null collate "C"
);

-- What came; written with its events.
create table arrival (
    hand_over_id uuid primary key,
    country      text        not null collate "C",
    state        text        not null,
    arrived_at   timestamptz not null,
    until_at     timestamptz not null,
    case_code    text collate "C" -- of the case that was opened for it
);
create index arrival_waiting on arrival (arrived_at, hand_over_id) where state = 'waiting';

-- The file as it came, encrypted to this installation, until the desk has answered or its time is over.
create table arrival_file (
    hand_over_id uuid primary key,
    file         text        not null,
    until_at     timestamptz not null
);

-- What is to be sent to partners' installations, until they have taken it.
create table exchange_out (
    hand_over_id uuid        not null,
    kind         text        not null, -- hand-over or answer
    country      text        not null collate "C",
    next_try_at  timestamptz not null default clock_timestamp(),
    tries        integer     not null default 0,
    primary key (hand_over_id, kind)
);
create index exchange_out_due on exchange_out (next_try_at);

-- Proofs of partners' requests that were taken: each once.
create table exchange_proof (
    proof_id uuid primary key,
    until_at timestamptz not null
);
