-- What a consumer does with the positions of the cases of a batch, in one round trip each. Row by row, because a plan for
-- many that was kept from the day when the table was empty would read all of it.

-- Makes the rows that are missing and locks all rows of these cases, those of other epochs too.
--
-- keys, sources   one element per place, in the order in which everybody locks; a source that is null makes no row
create function lock_positions(of_consumer text, keys text[], sources text[])
    returns table (key text, source text, last_seq bigint, parked boolean)
    language plpgsql
    set enable_seqscan = off
as $$
#variable_conflict use_column
begin
    for i in 1 .. cardinality(keys) loop
        if sources[i] is not null then
            insert into consumer_position (consumer, key, source, last_seq) values (of_consumer, keys[i], sources[i], 0)
            on conflict do nothing;
        end if;
    end loop;
    for i in 1 .. cardinality(keys) loop
        if i = 1 or keys[i] <> keys[i - 1] then
            return query
                select p.key, p.source, p.last_seq, p.parked from consumer_position p
                where p.consumer = of_consumer and p.key = keys[i]
                order by p.source
                for update;
        end if;
    end loop;
end
$$;

create function move_positions(of_consumer text, keys text[], sources text[], seqs bigint[])
    returns void
    language plpgsql
    set enable_seqscan = off
as $$
begin
    for i in 1 .. cardinality(keys) loop
        update consumer_position set last_seq = seqs[i]
        where consumer = of_consumer and key = keys[i] and source = sources[i];
    end loop;
end
$$;
