-- One-time links for organisations without accounts; only hashes of what opens them.
create table referral_link (
    link_id         uuid primary key,
    token_hash      text        not null unique collate "C",
    code_hash       text        not null collate "C", -- of token and code together
    referral_id     uuid        not null,
    offer_id        uuid        not null,
    organisation_id uuid        not null,
    until           timestamptz not null,
    tries           integer     not null default 0,   -- of the code, since it was last right
    revoked_at      timestamptz
);
create index referral_link_of on referral_link (referral_id);
