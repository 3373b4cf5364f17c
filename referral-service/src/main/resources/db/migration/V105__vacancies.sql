-- A unit of a service's capacity is held by an open offer, taken by an acceptance and given back by whatever ends either.
alter table offer_view add column ended_at timestamptz;
update offer_view o set ended_at = r.ended_at from referral_view r
where r.referral_id = o.referral_id and o.standing = 'ended';
create index offer_view_given_back on offer_view (service_id, ended_at) where standing = 'ended';

-- Units free now: what the provider declared; less open offers; less what was accepted since it was declared; with what
-- had been accepted before and has ended since. Null where nothing is declared. Negative only where a provider said yes
-- after its time and beyond its own figure; readers take that for none.
create function free_units(service uuid, available integer, maximum integer, updated timestamptz) returns integer
    language sql stable as $$
select case when free_units.available is not null then
       least(case when free_units.maximum is not null then greatest(free_units.maximum, free_units.available) end,
             free_units.available
             - (count(*) filter (where f.standing = 'open'
                 or f.standing = 'accepted' and (free_units.updated is null or f.answered_at > free_units.updated)))::integer
             + (count(*) filter (where f.standing = 'ended' and f.answered_at <= free_units.updated))::integer) end
from offer_view f
where f.service_id = free_units.service
  and (f.standing in ('open', 'accepted') or f.standing = 'ended' and f.ended_at > free_units.updated)
$$;

-- Which needs would be offered to a service if it had a unit free: the most pressing are looked at when it has.
create table waiting_list (
    referral_id uuid        not null,
    service_id  uuid        not null,
    due_at      timestamptz not null,
    primary key (referral_id, service_id)
);
create index waiting_list_of on waiting_list (service_id, due_at, referral_id);
