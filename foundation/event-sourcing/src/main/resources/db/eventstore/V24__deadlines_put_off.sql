-- The few that have failed; Deadlines looks among them for what a clock that was ahead has put off too far.
create index deadline_put_off on deadline (due_at) where attempts > 0;
