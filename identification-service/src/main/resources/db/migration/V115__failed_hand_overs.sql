-- A hand-over that came to nothing is a task of whoever keeps the case, until they say what else is done.
alter table hand_over
    add column failed_at      timestamptz, -- null where there is nothing to decide
    add column failed_because text,        -- declined, expired, refused or no-address
    add column withdrawn      boolean not null default false;

update hand_over h set withdrawn = true
where exists (
    select from event e
    where e.stream_id = 'case-' || h.case_code and e.type = 'identification.hand-over-withdrawn'
      and convert_from(e.data, 'UTF8')::jsonb ->> 'handOverId' = h.hand_over_id::text);

create function has_hand_over_failed(code text) returns boolean
    language sql stable parallel safe
return exists (select from hand_over h where h.case_code = code and h.failed_at is not null);
