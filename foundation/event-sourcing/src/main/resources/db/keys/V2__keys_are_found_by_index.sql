-- Fifty rows are looked up among millions: a plan that was made while the table was small would read all of it for them.
alter function create_data_keys(uuid[], text[], text[], bytea[], text[])
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off;

create function find_data_keys(k_id uuid[], k_subject text[], k_category text[])
returns setof data_key
language sql
stable
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
    select k.* from data_key k where k.id = any (k_id)
    union
    select k.* from unnest(k_subject, k_category) as w (subject, category)
    join data_key k on k.subject = w.subject and k.category = w.category
$$;

-- Whose keys were destroyed lately; see DataKeys.
create index data_subject_destroyed on data_subject (destroyed_at) where destroyed_at is not null;

-- As before; but whoever finds keys that came back (an older backup) is told of as destroyed now.
create or replace function destroy_data_keys(who text)
returns setof data_key
language plpgsql
as $$
begin
    insert into data_subject as d (subject, destroyed_at) values (who, clock_timestamp())
    on conflict (subject) do update set destroyed_at = case
        when exists (select 1 from data_key k where k.subject = who and k.wrapped is not null) then excluded.destroyed_at
        else coalesce(d.destroyed_at, excluded.destroyed_at) end;
    return query
    update data_key k set wrapped = null, wrapped_by = null
    where k.subject = who and k.wrapped is not null
    returning k.*;
end
$$;

-- Keys are made by create_data_keys only, which holds the person's row: checked again for every key, this cost a quarter
-- of making it.
alter table data_key drop constraint data_key_subject_fkey;
