-- Who looked at which case: the records of reads, by case. The records themselves are events.
create table case_look (
    case_code text   not null collate "C",
    event_id  bigint not null,
    primary key (case_code, event_id)
);
