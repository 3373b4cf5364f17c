-- offered, accepted (late, by somebody who was asked before), to-be-decided (by a person), given-up or in-error; null where
-- it is open, and of before it was kept.
alter table gap_view add column closed_as text;

-- Needs that ended while nobody could be found for them.
update gap_view g set closed_at = r.ended_at,
                      closed_as = case when r.state = 'entered-in-error' then 'in-error' else 'given-up' end
from referral_view r
where r.referral_id = g.referral_id and r.ended_at is not null and g.closed_at is null;

create index gap_view_newest on gap_view (found_at desc, referral_id);
drop index gap_view_found;
