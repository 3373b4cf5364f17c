-- The newest that is known of a service's room: when it last said so, or when a referral that it gave ended. Passing a
-- referral on says nothing of room, and a figure of tomorrow nothing yet.
create function newest_word(organisation uuid, service uuid) returns timestamptz
    language sql stable as $$
select greatest(case when s.capacity_updated <= now() then s.capacity_updated end,
                (select o.ended_at from offer_view o join referral_view r on r.referral_id = o.referral_id
                 where o.service_id = newest_word.service and o.standing = 'ended'
                   and o.organisation_id = newest_word.organisation
                   and r.ended_at is not null and r.provider_service = o.service_id
                 order by o.ended_at desc limit 1))
from directory_service s where s.organisation_id = newest_word.organisation and s.id = newest_word.service
$$;

-- Whoever was asked and did not answer, or said that it has no room, is waited for as well: until it says something anew.
-- A unit that another offer held changes nothing of that.
alter table waiting_list add column anew boolean not null default false;
