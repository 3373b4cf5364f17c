-- The day that a figure is from where it is not trusted: of longer ago than so many seconds; minus infinity where it says no
-- day, or one that has not begun anywhere yet. Null where it is taken at its word.
create function not_trusted_since(updated timestamptz, trusted double precision) returns date
    language sql stable as $$
select case when updated is null or updated > now() + interval '14 hours' then '-infinity'::date
            when updated < now() - make_interval(secs => trusted) then (updated at time zone 'UTC')::date end
$$;
