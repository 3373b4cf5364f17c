-- Of which locations an organisation's entry has ever said that they are confidential; not standing once a document said
-- the contrary. It outlives the entry's own list: a shelter's service that moves to another organisation stays hidden.
create table directory_confidential (
    organisation_id uuid    not null,
    location_id     uuid    not null,
    standing        boolean not null,
    primary key (organisation_id, location_id)
);
create index directory_confidential_location on directory_confidential (location_id) where standing;
insert into directory_confidential (organisation_id, location_id, standing)
select distinct organisation_id, location_id, true from directory_site where confidential;
-- Entries remember every document they were made of.
insert into directory_confidential (organisation_id, location_id, standing)
select distinct (listing ->> 'id')::uuid, (location ->> 'id')::uuid, true
from (select convert_from(data, 'UTF8')::jsonb -> 'listing' as listing from event
      where type in ('directory.organisation-listed', 'directory.organisation-revised')) said
cross join lateral jsonb_array_elements(listing -> 'locations') location
where (location ->> 'confidential')::boolean
on conflict do nothing;

alter table directory_site add column accessibility text[] not null default '{}';
create index directory_site_location on directory_site (location_id);

-- Sites as everybody reads them: where one organisation says that a location is confidential it is for all of them, and
-- of such a location there is the place, as far as communes, and nothing more.
create view directory_site_shown as
select t.organisation_id, t.service_id, t.location_id, t.kind,
       case when h.hidden and t.place ~ '^[A-Z]{2}[0-9]{7,}$' then left(t.place, 8) else t.place end as place,
       h.hidden as confidential,
       case when not h.hidden then t.name end as name,
       case when not h.hidden then t.latitude end as latitude,
       case when not h.hidden then t.longitude end as longitude,
       case when not h.hidden then t.address end as address,
       case when not h.hidden then t.accessibility else '{}' end as accessibility
from directory_site t
cross join lateral (select t.confidential or exists (
    select 1 from directory_confidential c where c.location_id = t.location_id and c.standing) as hidden) h;
