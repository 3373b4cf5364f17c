-- Keys made ahead, before it is known whose they will be: the first event of a person then waits for no second commit. The
-- event that is sealed with such a key says whose it is, and that is read from the log and written here; a person may have
-- several keys of a category. See docs/decisions/0081.

alter table data_key
    alter column subject drop not null, -- null: made ahead
    alter column category drop not null,
    add check ((subject is null) = (category is null)),
    drop constraint data_key_subject_category_key;
create unique index data_key_of on data_key (subject, category) where subject is not null;

-- By the name alone: nothing asks for an order within it, and equal entries cost next to nothing.
drop index data_key_by_wrapping;
create index data_key_by_wrapping on data_key (wrapped_by) where wrapped is not null;

-- Whose keys those are that were made ahead: the ids and their categories, as one event says them.
create table given_key (
    subject    text   not null collate "C",
    categories text[] not null,
    ids        uuid[] not null
);
create index given_key_of on given_key (subject);

-- How far of which life of the log they were read. The row's lock keeps naming and destroying apart.
create table naming (
    epoch uuid,
    seq   bigint not null
);
create unique index only_one_naming on naming ((true));
insert into naming (seq) values (0);

-- All keys that have an owner.
create view person_key as
select k.id, k.subject, k.category, k.wrapped, k.wrapped_by, false as spare
from data_key k
where k.subject is not null
union all
select k.id, g.subject, n.category, k.wrapped, k.wrapped_by, true
from given_key g
cross join lateral unnest(g.ids, g.categories) as n (id, category)
join data_key k on k.id = n.id;

-- As before.
create or replace function create_data_keys(
    k_id uuid[], k_subject text[], k_category text[], k_wrapped bytea[], k_wrapped_by text[])
returns setof data_key
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
    insert into data_subject (subject)
    select distinct s.subject collate "C" as subject from unnest(k_subject) as s (subject) order by 1
    on conflict do nothing;
    perform 1 from data_subject d where d.subject = any (k_subject) order by d.subject for share;
    insert into data_key (id, subject, category, wrapped, wrapped_by)
    select k.id, k.subject, k.category, k.wrapped, k.wrapped_by
    from unnest(k_id, k_subject, k_category, k_wrapped, k_wrapped_by) as k (id, subject, category, wrapped, wrapped_by)
    join data_subject d on d.subject = k.subject and d.destroyed_at is null
    order by k.subject collate "C", k.category collate "C"
    on conflict (subject, category) where subject is not null do nothing;
    return query
    select d.* from unnest(k_subject, k_category) as k (subject, category)
    join data_key d on d.subject = k.subject and d.category = k.category;
end
$$;

-- Keys by their ids, without saying whose those are that were made ahead, and by whose they are. find_data_keys stays for
-- replicas of the release before that are still at work.
create function keys_found(k_id uuid[], k_subject text[], k_category text[])
returns table (id uuid, subject text, category text, wrapped bytea, wrapped_by text, spare boolean)
language sql
stable
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
    select k.id, k.subject, k.category, k.wrapped, k.wrapped_by, k.subject is null from data_key k where k.id = any (k_id)
    union all
    select k.id, k.subject, k.category, k.wrapped, k.wrapped_by, false
    from unnest(k_subject, k_category) as w (subject, category)
    join data_key k on k.subject = w.subject and k.category = w.category
    union all
    select k.id, g.subject, n.category, k.wrapped, k.wrapped_by, true
    from unnest(k_subject, k_category) as w (subject, category)
    join given_key g on g.subject = w.subject
    cross join lateral unnest(g.ids, g.categories) as n (id, category)
    join data_key k on k.id = n.id
    where n.category = w.category
$$;

-- As before, with those that were made ahead; and nobody is named meanwhile.
create or replace function destroy_data_keys(who text)
returns setof data_key
language plpgsql
set enable_seqscan = off
as $$
begin
    perform 1 from naming for share;
    insert into data_subject as d (subject, destroyed_at) values (who, clock_timestamp())
    on conflict (subject) do update set destroyed_at = case
        when exists (select 1 from person_key k where k.subject = who and k.wrapped is not null) then excluded.destroyed_at
        else coalesce(d.destroyed_at, excluded.destroyed_at) end;
    return query
    update data_key k set wrapped = null, wrapped_by = null
    where k.id in (select p.id from person_key p where p.subject = who and p.wrapped is not null)
    returning k.*;
end
$$;

-- Writes whose keys are that were made ahead, by what the log says from one position to another; those of erased persons are
-- destroyed. Nothing is done where that was read from elsewhere in the meantime.
create function name_data_keys(
    of_epoch uuid, after bigint, up_to bigint, k_id uuid[], k_subject text[], k_category text[])
returns void
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
    perform 1 from naming n where n.seq = after and n.epoch = of_epoch for update;
    if not found then
        return;
    end if;
    insert into given_key (subject, categories, ids)
    select n.subject, array_agg(n.category), array_agg(n.id)
    from unnest(k_id, k_subject, k_category) as n (id, subject, category)
    where not exists (select from given_key g where g.subject = n.subject and n.id = any (g.ids)) -- told again
    group by n.subject;
    perform destroy_data_keys(d.subject)
    from data_subject d where d.subject = any (k_subject) and d.destroyed_at is not null;
    update naming set seq = up_to;
end
$$;

-- Another life of the log is read from its first event.
create function naming_position(of_epoch uuid)
returns bigint
language plpgsql
as $$
begin
    update naming set epoch = of_epoch, seq = 0 where epoch is distinct from of_epoch;
    return (select n.seq from naming n);
end
$$;
