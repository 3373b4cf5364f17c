-- Emergency accesses as identification-service tells them, in the services that follow it. Accounts are hashes.
create table broken_glass (
    glass_id     uuid primary key,
    account      text        not null collate "C",
    case_code    text        not null collate "C",
    owner        text        not null collate "C",
    organisation text        not null collate "C",
    authority    boolean     not null, -- what is withheld from authorities is withheld from whoever broke it
    broken_at    timestamptz not null,
    open_until   timestamptz not null,
    review_by    timestamptz not null,
    reviewed     boolean     not null default false
);
create index broken_glass_of_account on broken_glass (account, case_code);
create index broken_glass_of_case on broken_glass (case_code) where not reviewed;
create index broken_glass_unreviewed on broken_glass (owner, broken_at) where not reviewed;
