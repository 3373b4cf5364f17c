-- Whoever writes an entry, also a replica of the release before that knows nothing of it: the entry says in which
-- transaction it changed.
create function directory_entry_changed() returns trigger language plpgsql as $$
begin
    new.changed := pg_current_xact_id();
    return new;
end
$$;
create trigger directory_entry_changed before insert or update on directory_organisation
    for each row execute function directory_entry_changed();
