-- What is pending is read from the tables themselves, without an index. Rows stay in them for some milliseconds; an index
-- kept the entries of all that were moved before, and each step walked through them. A table's dead rows are pruned in
-- passing by whoever reads its pages. See docs/decisions/0129.
alter table pending_0 drop constraint pending_0_pkey;
alter table pending_1 drop constraint pending_1_pkey;
alter table pending_2 drop constraint pending_2_pkey;

-- As V22; see V13 for what goes in and comes out. Found by place: scans are off so that no plan made while the tables were
-- small looks for each row in all of a table.
create or replace function sequence_pending(
    lease_name text, lease_holder uuid, lease_term bigint, seen bigint, most int,
    out head bigint, out placed bigint)
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    waits  boolean;
    taken  bigint;
    newest bigint;
begin
    select h.last_seq, 0,
           exists (select from pending_0) or exists (select from pending_1) or exists (select from pending_2)
    into head, placed, waits
    from log_head h
    where exists (select 1 from lease l where l.name = lease_name and l.holder = lease_holder
                      and l.term = lease_term and l.expires_at > clock_timestamp());
    if waits is not true then
        placed := 0;
        return;
    end if;

    -- The share of the lease keeps a successor from taking over until this transaction has ended.
    perform 1 from lease l cross join log_life
    where l.name = lease_name and l.holder = lease_holder and l.term = lease_term and l.expires_at > clock_timestamp()
    for share of l for update of log_life;
    if not found then
        head := null;
        return;
    end if;

    -- A statement of its own, so as to see what the last holder did.
    with at as materialized (select last_seq from log_head),
    batch as materialized (
        select id, t, place from (
            select id, 0 as t, ctid as place from pending_0
            union all select id, 1, ctid from pending_1
            union all select id, 2, ctid from pending_2) p
        where (select last_seq from at) >= seen
        order by id limit most),
    d0 as (delete from pending_0 p using batch b where b.t = 0 and p.ctid = b.place returning 1),
    d1 as (delete from pending_1 p using batch b where b.t = 1 and p.ctid = b.place returning 1),
    d2 as (delete from pending_2 p using batch b where b.t = 2 and p.ctid = b.place returning 1),
    moved as (
        insert into log (seq, id)
        select (select last_seq from at) + row_number() over (order by id), id from batch
        returning seq)
    select (select last_seq from at),
           (select count(*) from d0) + (select count(*) from d1) + (select count(*) from d2),
           (select count(*) from moved), (select max(seq) from moved)
    into head, taken, placed, newest;
    if taken <> placed or newest <> head + placed then
        raise exception 'took % pending events and placed % after %, up to %', taken, placed, head, newest;
    end if;
    if placed > 0 then
        perform pg_notify('passerelle_log', '');
    end if;
end
$$;
