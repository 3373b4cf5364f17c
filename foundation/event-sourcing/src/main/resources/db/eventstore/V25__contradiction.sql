-- What a witness remembers of this log and this database does not hold: a checkpoint with this log's own signature.
-- Evidence outlives the process and the witness's absence; a new epoch answers it.
create table contradiction (
    origin  text primary key collate "C",
    witness text        not null,
    note    text        not null,
    told_at timestamptz not null default clock_timestamp()
);
