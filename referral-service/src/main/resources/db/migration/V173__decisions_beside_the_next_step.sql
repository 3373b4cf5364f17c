-- Until when the requester is to decide what is beside the next step, and who was told.
alter table referral_view
    add column decision_by   timestamptz,
    add column decision_told text;            -- reminder, supervisor, coordinator
create index referral_view_decision_told on referral_view (decision_told, due_at) where decision_told is not null;

-- The end of a referral settled the task of a yes that came too late: whoever said it keeps a place, and was told nothing.
update task_view t set settled_at = null
where t.reason = 'late-acceptance' and t.settled_at is not null
  and exists (select 1 from offer_view o
              where o.referral_id = t.referral_id and o.standing = 'late' and o.ended_at is null);

-- Tasks from before there was a clock for them get it at once, and what is feared is looked at, so that it can be lifted.
insert into deadline (stream_id, name, due_at, not_before)
select distinct 'referral-' || referral_id, 'decision', now(), now()
from task_view where settled_at is null and reason in ('late-acceptance', 'placement-to-review')
on conflict do nothing;
insert into deadline (stream_id, name, due_at, not_before)
select 'referral-' || referral_id, 'standing', now(), now()
from task_view where settled_at is null and reason = 'placement-to-review'
on conflict do nothing;
