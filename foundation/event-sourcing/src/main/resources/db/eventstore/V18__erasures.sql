-- Whose keys are destroyed, kept beside the events: where an older backup of the keys is put back, they are destroyed again
-- before the service opens. No key and nothing personal is here.
create table erasure (
    subject   text primary key collate "C",
    erased_at timestamptz not null,
    final_on  date        not null -- the day on which the last backup of the keys is gone
);
