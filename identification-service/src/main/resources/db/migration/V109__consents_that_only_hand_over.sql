-- A consent to a hand-over across a border alone says nothing of who may know of the case here: it lifts nothing that an
-- earlier one withheld. Which of those already recorded are such is read when the projection is built anew.
alter table case_withholding add column only_hands_over boolean not null default false;
