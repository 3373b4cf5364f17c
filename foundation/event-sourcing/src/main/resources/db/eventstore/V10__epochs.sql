-- The lives of this log: which epoch gave which positions. A restored backup begins another one.
create table log_epoch (
    number    integer primary key,
    epoch     uuid        not null unique,
    -- Null for a life that a restore has undone: none of its positions is in this log.
    first_seq bigint,
    opened_at timestamptz not null default now(),
    opened_by text -- an account, never a name; null for the first
);
insert into log_epoch (number, epoch, first_seq) select 1, epoch, 1 from log_head;

-- Events that the restored database still held as pending, although they had been published before it was restored:
-- they keep the name under which others know them.
create table published_before (
    seq       bigint primary key references log (seq),
    epoch     uuid   not null,
    epoch_seq bigint not null,
    unique (epoch, epoch_seq)
);

-- What was published and is no longer in the log: others may have acted upon it. Codes and clocks only.
create table lost_event (
    epoch      uuid        not null,
    epoch_seq  bigint      not null,
    topic      text        not null,
    key        text        not null,
    event_id   text        not null,
    type       text        not null,
    told_at    timestamptz not null,
    adopted_at timestamptz not null default now(),
    primary key (epoch, epoch_seq)
);

-- The name of each position towards others.
create view log_name as
select l.seq, l.id, coalesce(b.epoch, g.epoch) as epoch, coalesce(b.epoch_seq, l.seq) as epoch_seq
from log l
         left join published_before b on b.seq = l.seq
         cross join lateral (select e.epoch from log_epoch e where e.first_seq <= l.seq order by e.number desc limit 1) g;
