-- Under which terms a service takes people, and when somebody last made sure of its listing.
alter table directory_service add column terms text, add column assured_on date;
