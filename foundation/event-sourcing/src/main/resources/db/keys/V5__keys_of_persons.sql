-- Keys made ahead are each of one person, for all categories: what opens a category is derived from it. Half of the keys to
-- be made, and one name instead of several. See docs/decisions/0126.

-- Whose those are.
create table given_person_key (
    subject text not null collate "C",
    id      uuid not null,
    primary key (subject, id)
);

-- All keys that have an owner; * is every category.
create or replace view person_key as
select k.id, k.subject, k.category, k.wrapped, k.wrapped_by, false as spare
from data_key k
where k.subject is not null
union all
select k.id, g.subject, n.category, k.wrapped, k.wrapped_by, true
from given_key g
cross join lateral unnest(g.ids, g.categories) as n (id, category)
join data_key k on k.id = n.id
union all
select k.id, p.subject, '*', k.wrapped, k.wrapped_by, true
from given_person_key p
join data_key k on k.id = p.id;

-- As before, with the keys of persons.
create or replace function keys_found(k_id uuid[], k_subject text[], k_category text[])
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
    union all
    select k.id, p.subject, '*', k.wrapped, k.wrapped_by, true
    from (select distinct unnest(k_subject) collate "C" as subject) w
    join given_person_key p on p.subject = w.subject
    join data_key k on k.id = p.id
$$;

-- Writes whose keys are that were made ahead, by what the log says from one position to another; those of erased persons are
-- destroyed. Nothing is done where that was read from elsewhere in the meantime.
create function name_keys(
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
    insert into given_person_key (subject, id)
    select n.subject, n.id from unnest(k_id, k_subject, k_category) as n (id, subject, category)
    where n.category = '*'
    on conflict do nothing; -- told again
    if exists (select from unnest(k_category) as n (category) where n.category <> '*') then
        insert into given_key (subject, categories, ids)
        select n.subject, array_agg(n.category), array_agg(n.id)
        from unnest(k_id, k_subject, k_category) as n (id, subject, category)
        where n.category <> '*'
            and not exists (select from given_key g where g.subject = n.subject and n.id = any (g.ids)) -- told again
        group by n.subject;
    end if;
    perform destroy_data_keys(d.subject)
    from data_subject d where d.subject = any (k_subject) and d.destroyed_at is not null;
    update naming set seq = up_to;
end
$$;

-- A replica of the release before would pass over the names of persons' keys: it names nobody any more, and says so.
create or replace function name_data_keys(
    of_epoch uuid, after bigint, up_to bigint, k_id uuid[], k_subject text[], k_category text[])
returns void
language plpgsql
as $$
begin
    raise exception 'keys are named by a later release';
end
$$;
