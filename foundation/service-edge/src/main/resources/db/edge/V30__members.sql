-- Who acts for which organisation, as the directory of referral-service tells it. In referral-service itself these rows are
-- written with the events. Accounts are hashes of issuer and subject: no table and no topic names a member of staff.
create table member (
    account      text    not null collate "C", -- SHA-256 of issuer, line feed, subject; hexadecimal
    organisation text    not null collate "C",
    roles        text[]  not null,
    removed      boolean not null default false, -- kept: a removed account is not one that was never recorded
    primary key (account, organisation)
);

-- An organisation without a row is in good standing and its list of members is not complete.
create table organisation_standing (
    organisation     text primary key collate "C",
    suspended        boolean not null default false,
    members_complete boolean not null default false
);

-- When the source of these facts was last heard. A service begins as if it had just heard it.
create table members_heard (
    one boolean primary key default true check (one),
    at  timestamptz not null default now()
);
insert into members_heard default values;
