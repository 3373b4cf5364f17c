-- How far each asynchronous projection has come; moved in the transaction that writes its rows.
create table projection_position (
    projection text primary key,
    last_seq   bigint not null
);

-- The last rebuild of each projection. Whoever holds the run may go on; another run takes it from them.
create table projection_rebuild (
    projection text primary key,
    run        uuid        not null,
    state      text        not null check (state in ('building', 'verifying', 'swapped', 'differs', 'failed')),
    last_seq   bigint      not null default 0,
    per_second bigint      not null default 0,
    reason     text, -- class names and counts only
    started_at timestamptz not null default clock_timestamp(),
    touched_at timestamptz not null default clock_timestamp()
);
