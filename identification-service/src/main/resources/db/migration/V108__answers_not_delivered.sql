-- An answer that the sending installation does not take is tried until its time is over, and then kept as not delivered.
alter table exchange_out
    add column begun_at timestamptz not null default clock_timestamp(),
    add column given_up text; -- why; a code, null while it is tried

drop index exchange_out_due;
create index exchange_out_due on exchange_out (next_try_at) where given_up is null;
