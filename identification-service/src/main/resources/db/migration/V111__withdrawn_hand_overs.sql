-- A person may withdraw the consent to a hand-over after it has arrived: the receiver's desk sees when.
alter table arrival add column withdrawn_at timestamptz;
