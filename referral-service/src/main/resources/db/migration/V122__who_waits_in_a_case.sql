-- Who depends on a need that went on is looked up by the case: the need itself may have no row, where an older release took it.
create index case_leg_of_case on case_leg (case_code);
