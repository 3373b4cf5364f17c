-- Undoes the one statement of an append that turned out not to be a plain success; append_batch then tells why.
create function append_given_up() returns int
language plpgsql
as $$
begin
    raise exception 'append given up' using errcode = 'serialization_failure';
end
$$;
