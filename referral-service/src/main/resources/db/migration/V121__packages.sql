-- Which needs of a case belong together: which come after which (until how far, in the same order), which go to one place.
create table case_leg (
    referral_id uuid    primary key,
    package_id  uuid    not null,
    case_code   text    not null collate "C",
    stated      bigint  not null generated always as identity, -- in the order in which they were stated
    after       uuid[]  not null,
    until       text[]  not null,
    together    uuid[]  not null,
    apart       boolean not null default false                 -- a person chose so
);
create index case_leg_of_package on case_leg (package_id);
