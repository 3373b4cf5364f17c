-- What is said of a service at one of its locations stays with that location, as the address does: whichever file or
-- organisation makes the house confidential, everybody ceases to read its telephone.
alter table directory_site
    add column phones text[] not null default '{}',
    add column duty_phones text[] not null default '{}',
    add column opening_hours text[] not null default '{}';

create or replace view directory_site_shown as
select t.organisation_id, t.service_id, t.location_id, t.kind,
       case when h.hidden and t.place ~ '^[A-Z]{2}[0-9]{7,}$' then left(t.place, 8) else t.place end as place,
       h.hidden as confidential,
       case when not h.hidden then t.name end as name,
       case when not h.hidden then t.latitude end as latitude,
       case when not h.hidden then t.longitude end as longitude,
       case when not h.hidden then t.address end as address,
       case when not h.hidden then t.accessibility else '{}' end as accessibility,
       case when not h.hidden then t.phones else '{}' end as phones,
       case when not h.hidden then t.duty_phones else '{}' end as duty_phones,
       case when not h.hidden then t.opening_hours else '{}' end as opening_hours
from directory_site t
cross join lateral (select t.confidential or exists (
    select 1 from directory_confidential c where c.location_id = t.location_id and c.standing) as hidden) h;
