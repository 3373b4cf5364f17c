-- PostgreSQL empties an unlogged table when it recovers from a crash and where a standby takes over: then ids of transactions
-- may be given a second time, and what an index in memory knows by them is nothing worth. Also a copy of the row, by a
-- logical restore, is told from it: by the transaction that wrote it.
create unlogged table directory_index_life (
    one boolean primary key default true check (one),
    life uuid not null default gen_random_uuid()
);
