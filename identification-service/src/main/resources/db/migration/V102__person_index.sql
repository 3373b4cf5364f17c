-- The blind index of names, telephones and birth dates (decision 79): keyed hashes, one row for each word of a case. Cases
-- from before are indexed by: passerelle ctl rebuild identification person_index --accept-differences
create table person_token (
    case_code text  not null collate "C",
    owner     uuid  not null,
    token     bytea not null,
    primary key (case_code, token)
);
create index person_token_sought on person_token (owner, token);
