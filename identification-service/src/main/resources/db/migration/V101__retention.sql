-- What retention is counted from: when a case was closed, whether a court holds it, whether it is erased.
alter table case_list
    add column closed_at timestamptz,
    add column holds     integer not null default 0,
    add column erased    boolean not null default false;

update case_list c
set closed_at = (select max((convert_from(e.data, 'UTF8')::jsonb ->> 'closedAt')::timestamptz)
                 from event e
                 where e.stream_id = 'case-' || c.case_code and e.type = 'identification.case-closed')
where c.state = 'closed';

create index case_list_closed on case_list (closed_at, case_code) where closed_at is not null and not erased;
