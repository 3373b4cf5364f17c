-- Emergency accesses to cases as identification-service tells them, for the lists of their owners. Nothing opens here by it.
create table emergency_notice (
    glass_id     uuid primary key,
    case_code    text        not null collate "C",
    owner        text        not null collate "C",
    organisation text        not null collate "C",
    broken_at    timestamptz not null,
    open_until   timestamptz not null,
    review_by    timestamptz not null,
    reviewed     boolean     not null default false
);
create index emergency_notice_unreviewed on emergency_notice (owner, broken_at) where not reviewed;
