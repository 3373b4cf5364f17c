-- Who looked how much: one row a record of a read, so that a person's last hour is found at once. Accounts are hashes.
create table person_look (
    event_id bigint primary key,
    account  text        not null collate "C",
    at       timestamptz not null,
    cases    integer     not null
);
create index person_look_of_account on person_look (account, at);
-- From a person's looks to the cases in them.
create index case_look_of_event on case_look (event_id);

-- The alarms among the records of reads; the records themselves are events.
create table access_alarm (
    event_id bigint primary key
);
