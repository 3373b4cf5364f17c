-- Every checkpoint of this log that a witness has cosigned, with its signature and ours, for ever. A witness of C2SP has only
-- to remember the last one: what it said of the earlier ones is kept here (decision 127).
create table proof_cosigned (
    epoch        uuid        not null,
    size         bigint      not null,
    witness      text        not null collate "C",
    note         text        not null,
    witnessed_at timestamptz not null default clock_timestamp(),
    primary key (epoch, size, witness)
);
create index proof_cosigned_at on proof_cosigned (witnessed_at);

insert into proof_cosigned (epoch, size, witness, note, witnessed_at)
select epoch, size, witness, note, witnessed_at from proof_witnessed;
