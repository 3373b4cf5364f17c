-- The store of one event-sourced service. See docs/architecture.md, "Order" and "Append".

create table stream (
    id               text primary key collate "C",
    category         text        not null,
    version          bigint      not null,
    last_recorded_at timestamptz not null
);

-- Taken after the stream's lock, one by one: within a stream, ids ascend in the order of versions and of commits.
create sequence event_id cache 1;

create table event (
    id             bigint primary key,
    stream_id      text        not null collate "C",
    version        bigint      not null,
    type           text        not null,
    schema_version integer     not null,
    data           bytea       not null, -- the exact bytes: jsonb would not keep them
    metadata       bytea       not null,
    recorded_at    timestamptz not null,
    unique (stream_id, version)
);

-- Committed but not yet in the log. Several tables in rotation, read as one: a single one slows down as soon as
-- somebody's long transaction keeps its dead rows alive; an idle one of several can be truncated instead.
create table pending_0 (id bigint primary key);
create table pending_1 (id bigint primary key);
create table pending_2 (id bigint primary key);

-- The log: consecutive positions, given after commit. Readers use seq > cursor and miss nothing.
create table log (
    seq bigint primary key,
    id  bigint not null unique
);

create table log_head (
    one      boolean primary key default true check (one),
    last_seq bigint not null default 0,
    -- Another life of this log (a restored backup) gets another epoch, so that nobody takes its positions for ours.
    epoch    uuid   not null default gen_random_uuid()
);
insert into log_head default values;

create table lease (
    name       text primary key,
    holder     uuid        not null,
    term       bigint      not null,
    expires_at timestamptz not null
);

-- One effect per command, for ever.
create table receipt (
    key         text primary key collate "C",
    fingerprint bytea       not null,
    status      integer     not null,
    location    text,
    version     bigint      not null,
    body        bytea,
    recorded_at timestamptz not null default clock_timestamp()
);

create table deadline (
    stream_id  text        not null collate "C",
    name       text        not null,
    due_at     timestamptz not null,
    -- A handler that failed is tried again later; others are not held up by it.
    not_before timestamptz not null,
    attempts   integer     not null default 0,
    primary key (stream_id, name)
);
create index deadline_next on deadline (not_before);

-- How far the relay has published; set back to refill the topic.
create table relay_position (
    topic    text primary key,
    last_seq bigint not null
);

-- How far a consumer has come with each case of a source.
create table consumer_position (
    consumer text   not null,
    source   text   not null,
    key      text   not null,
    last_seq bigint not null,
    parked   boolean not null default false,
    primary key (consumer, source, key)
);

-- Records of parked cases, in order, until an operator resolves the first.
create table parked_record (
    consumer  text        not null,
    source    text        not null,
    key       text        not null,
    seq       bigint      not null,
    type      text        not null,
    event     bytea       not null, -- the record as JSON
    reason    text        not null, -- an error class or a refusal's code; never a message, which could name somebody
    parked_at timestamptz not null default clock_timestamp(),
    primary key (consumer, source, key, seq)
);
