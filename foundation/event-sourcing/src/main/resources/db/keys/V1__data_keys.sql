-- The data keys of one service, in a database of their own: a dump of the events without it names nobody, and its backups
-- are kept for a time of their own. See docs/data-protection.md.

-- Whoever has or had keys.
create table data_subject (
    subject      text primary key collate "C",
    destroyed_at timestamptz -- erased: no key is made for it again
);

-- wrapped: the data key under the key-encryption key that wrapped_by names; null once it is destroyed.
create table data_key (
    id         uuid primary key,
    subject    text        not null collate "C" references data_subject,
    category   text        not null collate "C",
    wrapped    bytea,
    wrapped_by text,
    created_at timestamptz not null default clock_timestamp(),
    unique (subject, category),
    check ((wrapped is null) = (wrapped_by is null))
);
create index data_key_by_wrapping on data_key (wrapped_by, id) where wrapped is not null;

-- Makes keys where there are none, and answers with those there are: of several who make one at once, one wins. The share
-- lock waits for whoever erases the person, and makes them wait; every statement sees what was committed before it.
create function create_data_keys(k_id uuid[], k_subject text[], k_category text[], k_wrapped bytea[], k_wrapped_by text[])
returns setof data_key
language plpgsql
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
    on conflict (subject, category) do nothing;
    return query
    select d.* from unnest(k_subject, k_category) as k (subject, category)
    join data_key d on d.subject = k.subject and d.category = k.category;
end
$$;

-- Destroys the keys of a person and keeps that it was done.
create function destroy_data_keys(who text)
returns setof data_key
language plpgsql
as $$
begin
    insert into data_subject as d (subject, destroyed_at) values (who, clock_timestamp())
    on conflict (subject) do update set destroyed_at = coalesce(d.destroyed_at, excluded.destroyed_at);
    return query
    update data_key k set wrapped = null, wrapped_by = null
    where k.subject = who and k.wrapped is not null
    returning k.*;
end
$$;
