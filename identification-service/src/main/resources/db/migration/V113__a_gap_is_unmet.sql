-- A need that nobody could meet so far still stands: it counts as open, and so does its clock.
update case_need n set open = true
from (
    select distinct on (s.stream_id, s.need) s.stream_id, s.need, s.settlement
    from (
        select e.stream_id, e.version, convert_from(e.data, 'UTF8')::jsonb ->> 'needId' as need,
               convert_from(e.data, 'UTF8')::jsonb ->> 'settlement' as settlement
        from event e
        where e.type in ('identification.need-settled', 'identification.need-reopened')) s
    order by s.stream_id, s.need, s.version desc) last
where last.settlement = 'gap'
  and last.stream_id = 'case-' || n.case_code
  and last.need = n.need_id::text
  and not n.open;

update case_list c
set open_needs = (select count(*) from case_need n where n.case_code = c.case_code and n.open),
    next_due_at = (select min(n.due_at) from case_need n where n.case_code = c.case_code and n.open)
where c.open_needs <> (select count(*) from case_need n where n.case_code = c.case_code and n.open);
