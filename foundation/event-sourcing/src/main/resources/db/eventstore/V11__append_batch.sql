-- Appends of several callers in one round trip, each with a verdict of its own. The statements and their order are those
-- of docs/architecture.md, "Append"; every one takes its own snapshot, so what is read under a lock is current.
--
-- Arrays hold one element per append (a_), per stream of an append (s_), per event (e_), per deadline (d_); s_append,
-- e_stream and d_stream point (from 1) into the arrays above them. No stream and no receipt key comes twice in a call.
--
-- s_expected  -1 = any, 0 = must not exist, n = exactly
-- verdicts    per append: 0 = stored, -1 = its receipt is known, n = its stream n of s_ has another version
-- versions    per stream: the version found
-- recorded    per stream: the instant of its new events
-- ids         per stored event, in order
--
-- Index lookups only: a plan that was cached while the tables were small must not scan them when they are large.
create function append_batch(
    a_by bytea[], a_key text[], a_fingerprint bytea[], a_status int[], a_location text[], a_version bigint[], a_body bytea[],
    s_append int[], s_id text[], s_category text[], s_expected bigint[], s_events bigint[],
    e_stream int[], e_position bigint[], e_type text[], e_schema int[], e_data bytea[],
    d_stream int[], d_name text[], d_due timestamptz[],
    pending_table int, lock_wait text,
    out verdicts int[], out versions bigint[], out recorded timestamptz[], out ids bigint[])
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    created   text[];
    fresh     boolean; -- all streams are made here
    lasts     timestamptz[];
    receipts  int;
    taken     text[];
    rejected  boolean := false;
    -- Most appends go alone: then each statement is written for one row, at half of the cost of the same for arrays.
    one       boolean := cardinality(s_id) = 1;
    -- One instant for all events of the call. For existing streams it is taken anew under their locks.
    at        timestamptz := clock_timestamp();
begin
    perform set_config('lock_timeout', lock_wait, true);

    -- New streams are written with the version they will have; the rare rejected one is taken back below.
    if one then
        insert into stream (id, category, version, last_recorded_at)
        values (s_id[1], s_category[1], s_events[1], case when s_events[1] > 0 then at else '-infinity' end)
        on conflict do nothing;
        created := case when found then s_id end;
    else
        with made as (
            insert into stream (id, category, version, last_recorded_at)
            select n.id, n.category, n.events, case when n.events > 0 then at else '-infinity' end
            from unnest(s_id, s_category, s_events) as n (id, category, events)
            order by n.id collate "C"
            on conflict do nothing
            returning id)
        select array_agg(id) into created from made;
    end if;
    fresh := coalesce(cardinality(created), 0) = cardinality(s_id);

    if fresh then
        versions := array_fill(0::bigint, array[cardinality(s_id)]);
        lasts := array_fill('-infinity'::timestamptz, array[cardinality(s_id)]);
    else
        if one then
            select array[s.version], array[s.last_recorded_at] into versions, lasts
            from stream s where s.id = s_id[1] for update;
        else
            select array_agg(l.version order by l.ord), array_agg(l.last order by l.ord) into versions, lasts
            from (select n.ord,
                         case when made then 0 else s.version end as version,
                         case when made then '-infinity' else s.last_recorded_at end as last
                  from unnest(s_id) with ordinality as n (id, ord)
                  join stream s on s.id = n.id
                  cross join lateral (select coalesce(n.id = any (created), false) as made) m
                  order by s.id
                  for update of s) l;
        end if;
        if cardinality(versions) is distinct from cardinality(s_id) then
            -- Its maker was rejected and took it back while we waited for the lock.
            raise exception 'a stream vanished' using errcode = 'serialization_failure';
        end if;
        at := clock_timestamp();
    end if;

    verdicts := array_fill(0, array[cardinality(a_by)]);
    for i in 1 .. cardinality(s_id) loop
        if s_expected[i] >= 0 and s_expected[i] <> versions[i] and verdicts[s_append[i]] = 0 then
            verdicts[s_append[i]] := i;
            rejected := true;
        end if;
    end loop;

    receipts := cardinality(array_remove(a_key, null));
    if receipts > 0 and rejected then
        select count(*) into receipts from unnest(a_key) with ordinality as a (key, ord)
        where a.key is not null and verdicts[a.ord] = 0;
    end if;
    if receipts > 0 and cardinality(a_key) = 1 then
        insert into receipt (key, fingerprint, status, location, version, body)
        values (a_key[1], a_fingerprint[1], a_status[1], a_location[1], a_version[1], a_body[1])
        on conflict do nothing;
        if not found then
            verdicts[1] := -1;
            rejected := true;
        end if;
    elsif receipts > 0 then
        with took as (
            insert into receipt (key, fingerprint, status, location, version, body)
            select r.key, r.fingerprint, r.status, r.location, r.version, r.body
            from unnest(a_key, a_fingerprint, a_status, a_location, a_version, a_body)
                 with ordinality as r (key, fingerprint, status, location, version, body, ord)
            where r.key is not null and verdicts[r.ord] = 0
            order by r.key collate "C"
            on conflict do nothing
            returning key)
        select array_agg(key) into taken from took;
        if coalesce(cardinality(taken), 0) <> receipts then
            for i in 1 .. cardinality(a_key) loop
                if a_key[i] is not null and verdicts[i] = 0 and not coalesce(a_key[i] = any (taken), false) then
                    verdicts[i] := -1;
                    rejected := true;
                end if;
            end loop;
        end if;
    end if;

    if one and cardinality(e_data) = 1 and not rejected then
        insert into event (id, stream_id, version, type, schema_version, data, metadata, recorded_at)
        values (nextval('event_id'), s_id[1], versions[1] + 1, e_type[1], e_schema[1], e_data[1], a_by[1],
                greatest(at, lasts[1]))
        returning array[id] into ids;
    else
        with stored as (
            insert into event (id, stream_id, version, type, schema_version, data, metadata, recorded_at)
            select nextval('event_id'), s_id[e.stream], versions[e.stream] + e.position, e.type, e.schema, e.data,
                   a_by[s_append[e.stream]], greatest(at, lasts[e.stream])
            from unnest(e_stream, e_position, e_type, e_schema, e_data) as e (stream, position, type, schema, data)
            where verdicts[s_append[e.stream]] = 0
            returning id)
        select array_agg(id) into ids from stored;
    end if;

    case pending_table
        when 0 then insert into pending_0 select unnest(ids);
        when 1 then insert into pending_1 select unnest(ids);
        when 2 then insert into pending_2 select unnest(ids);
    end case;

    if fresh then
        recorded := array_fill(at, array[cardinality(s_id)]);
    elsif one then
        recorded := array[greatest(at, lasts[1])];
        if s_events[1] > 0 and not rejected then
            update stream set version = versions[1] + s_events[1], last_recorded_at = recorded[1] where id = s_id[1];
        end if;
    else
        select array_agg(greatest(at, n.last) order by n.ord) into recorded
        from unnest(lasts) with ordinality as n (last, ord);
        update stream s
        set version = n.version + n.events, last_recorded_at = n.recorded
        from unnest(s_id, s_append, versions, s_events, recorded) as n (id, append, version, events, recorded)
        where s.id = n.id and n.events > 0 and verdicts[n.append] = 0;
    end if;

    if rejected then
        delete from stream s using unnest(s_id, s_append) as n (id, append)
        where s.id = n.id and verdicts[n.append] <> 0 and n.id = any (created);
    end if;

    if cardinality(d_stream) > 0 then
        delete from deadline d using unnest(d_stream, d_name, d_due) as n (stream, name, due)
        where n.due is null and d.stream_id = s_id[n.stream] and d.name = n.name and verdicts[s_append[n.stream]] = 0;
        insert into deadline (stream_id, name, due_at, not_before)
        select s_id[n.stream], n.name, n.due, n.due
        from unnest(d_stream, d_name, d_due) as n (stream, name, due)
        where n.due is not null and verdicts[s_append[n.stream]] = 0
        order by s_id[n.stream] collate "C", n.name
        on conflict (stream_id, name) do update
        set due_at = excluded.due_at, not_before = excluded.not_before, attempts = 0;
    end if;
end
$$;
