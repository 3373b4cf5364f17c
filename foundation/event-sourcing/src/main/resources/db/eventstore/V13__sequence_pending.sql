-- The head of the log is its highest position, which its index gives. A counter beside it would be updated with every
-- move, and where somebody's long transaction keeps all its old versions every reader would walk over them.
alter table log_head rename to log_life;
alter table log_life drop column last_seq;
create view log_head as select one, coalesce((select max(seq) from log), 0) as last_seq, epoch from log_life;

-- The sequencer's whole step in one round trip; see Sequencer. Whoever finds nothing to do writes nothing.
--
-- seen     the highest head that the caller has seen in its term
-- head     the last position of the log before the move; null when the lease is not the caller's
-- placed   how many events were moved; nothing is moved where head < seen
create function sequence_pending(
    lease_name text, lease_holder uuid, lease_term bigint, seen bigint, most int,
    out head bigint, out placed bigint)
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    taken bigint;
begin
    placed := 0;
    -- From the youngest: the oldest lie behind what was moved before.
    if (select id from pending_0 order by id desc limit 1) is null
            and (select id from pending_1 order by id desc limit 1) is null
            and (select id from pending_2 order by id desc limit 1) is null then
        select h.last_seq into head from log_head h
        where exists (select 1 from lease l where l.name = lease_name and l.holder = lease_holder
                          and l.term = lease_term and l.expires_at > clock_timestamp());
        return;
    end if;

    -- Keeps a successor from taking over until this transaction has ended.
    perform 1 from lease l
    where l.name = lease_name and l.holder = lease_holder and l.term = lease_term and l.expires_at > clock_timestamp()
    for share;
    if not found then
        return;
    end if;
    perform 1 from log_life for update;
    select h.last_seq into head from log_head h; -- a statement of its own, so as to see what the last holder did
    if head < seen then
        return;
    end if;

    with batch as materialized (
        select id, t from (
            select id, 0 as t from pending_0 union all select id, 1 from pending_1 union all select id, 2 from pending_2) p
        order by id limit most),
    d0 as (delete from pending_0 p using batch b where b.t = 0 and p.id = b.id returning 1),
    d1 as (delete from pending_1 p using batch b where b.t = 1 and p.id = b.id returning 1),
    d2 as (delete from pending_2 p using batch b where b.t = 2 and p.id = b.id returning 1),
    moved as (insert into log (seq, id) select head + row_number() over (order by id), id from batch returning 1)
    select (select count(*) from d0) + (select count(*) from d1) + (select count(*) from d2),
           (select count(*) from moved)
    into taken, placed;
    if taken <> placed then
        raise exception 'took % pending events and placed %', taken, placed;
    end if;

    if (select h.last_seq from log_head h) <> head + placed then
        raise exception 'the log''s head moved by something else';
    end if;
    if placed > 0 then
        perform pg_notify('passerelle_log', '');
    end if;
end
$$;
