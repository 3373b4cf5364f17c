-- What this service has seen of the logs of others. Here it is the witness: of each log it knows the largest tree, and
-- cosigns only what that tree is the beginning of (decision 73).
create table watched_log (
    origin text primary key collate "C",
    size   bigint not null,
    root   bytea  not null
);

-- Every checkpoint that was cosigned, with both signatures, for ever: what ctl verify starts from.
create table watched_checkpoint (
    origin       text        not null collate "C",
    size         bigint      not null,
    note         text        not null,
    witnessed_at timestamptz not null default clock_timestamp(),
    primary key (origin, size)
);
