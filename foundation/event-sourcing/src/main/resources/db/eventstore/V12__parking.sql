-- All epochs of a source lie together for a case: what waits under an old one holds back the new one too.
alter table consumer_position drop constraint consumer_position_pkey;
alter table consumer_position add primary key (consumer, key, source);
alter table consumer_position set (fillfactor = 70);

alter table parked_record
    add column number   bigint generated always as identity, -- the order of arrival, across epochs
    add column attempts integer     not null default 1,
    -- Not at fault: it needs a fact that has not arrived yet, and is tried again by itself.
    add column waiting  boolean     not null default false,
    add column retry_at timestamptz not null default now(),
    add column alarmed  boolean     not null default false;
create index parked_record_case on parked_record (consumer, key, number);
create index parked_record_waiting on parked_record (retry_at) where waiting;

-- Records that an operator decided to pass over, for ever: who, when and why.
create table skipped_record (
    consumer   text        not null,
    source     text        not null,
    key        text        not null,
    seq        bigint      not null,
    type       text        not null,
    event      bytea       not null,
    failure    text        not null,
    reason     text        not null check (length(reason) between 1 and 500),
    skipped_by text        not null, -- an account, never a name
    skipped_at timestamptz not null default now(),
    primary key (consumer, source, key, seq)
);

-- Where to go on reading a topic; never ahead of the positions above. A restored database reads again what it has
-- forgotten, whatever the broker remembers of its group.
create table consumer_offset (
    consumer    text   not null,
    topic       text   not null,
    partition   integer not null,
    topic_id    text   not null, -- another topic of the same name begins at its start
    next_offset bigint not null,
    primary key (consumer, topic, partition)
) with (fillfactor = 50);
