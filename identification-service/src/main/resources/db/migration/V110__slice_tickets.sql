-- Tickets of links that were taken: each once to look and once to reveal. They name nobody, and go when their time is over.
create table slice_ticket (
    ticket_id uuid        not null,
    revealing boolean     not null,
    until_at  timestamptz not null,
    primary key (ticket_id, revealing)
);
create index slice_ticket_over on slice_ticket (until_at);

-- Links that were revoked, for longer than a ticket that was given before lives.
create table revoked_link (
    link_id  uuid primary key,
    noted_at timestamptz not null default clock_timestamp()
);
create index revoked_link_over on revoked_link (noted_at);
