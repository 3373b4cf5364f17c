-- By when the desk answers an arrival, and who was told that it has not.
alter table arrival
    add column urgency   text, -- of the most urgent need; null where none was told
    add column remind_at timestamptz,
    add column step_at   timestamptz,
    add column told      text; -- reminder, supervisor or coordinator; null until then

-- Arrivals from before have the clock of one without needs.
update arrival set remind_at = arrived_at + least(interval '12 hours', until_at - arrived_at) / 2;
update arrival set step_at = remind_at;
alter table arrival alter column remind_at set not null, alter column step_at set not null;

insert into deadline (stream_id, name, due_at, not_before)
select 'arrival-' || hand_over_id, 'reminder', remind_at, remind_at
from arrival where state = 'waiting'
on conflict do nothing;

drop index arrival_waiting;
create index arrival_waiting on arrival (remind_at, hand_over_id) where state = 'waiting';
