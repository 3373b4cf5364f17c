-- The keys of blind indexes, one per purpose, each sealed with a data key of its own: wrapped anew when that is.
create table index_key (
    purpose text primary key collate "C",
    sealed  bytea not null
);
