-- The tree over this log, one per life of it: leaf seq - 1 is the event at seq (decision 70).
create table proof_tree (
    epoch       uuid primary key,
    size        bigint      not null,
    root        bytea       not null,
    -- The last checkpoint that was signed, and what its note says.
    signed_size bigint      not null default 0,
    note        text,
    signed_at   timestamptz not null default clock_timestamp()
);

-- Up to 256 hashes of one level each; a full one never changes again (decision 72).
create table proof_tile (
    epoch  uuid   not null,
    level  int    not null,
    index  bigint not null,
    hashes bytea  not null,
    primary key (epoch, level, index)
);
alter table proof_tile alter column hashes set storage external; -- hashes do not compress

-- The last checkpoint that each witness has cosigned, with its signature.
create table proof_witnessed (
    epoch        uuid        not null,
    witness      text        not null,
    size         bigint      not null,
    note         text        not null,
    witnessed_at timestamptz not null default clock_timestamp(),
    primary key (epoch, witness)
);
