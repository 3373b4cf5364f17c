-- When organisations were last asked to make sure of the listings of their services.
create table assurance_asked (
    organisation_id uuid        not null,
    service_id      uuid        not null,
    asked_at        timestamptz not null,
    primary key (organisation_id, service_id)
);
-- The first look at whose listings have grown too old; each sets the next.
insert into stream (id, category, version, last_recorded_at)
values ('assurance-all', 'assurance', 0, '-infinity'::timestamptz) on conflict do nothing;
insert into deadline (stream_id, name, due_at, not_before)
values ('assurance-all', 'look', now(), now()) on conflict do nothing;
