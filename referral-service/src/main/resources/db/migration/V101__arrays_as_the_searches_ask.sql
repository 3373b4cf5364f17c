-- Searches bind varchar arrays; text[] @> varchar[] has no operator.
alter table directory_service
    alter column types type varchar[],
    alter column eligible_sexes type varchar[],
    alter column areas type varchar[],
    alter column languages type varchar[],
    alter column phones type varchar[],
    alter column opening_hours type varchar[];
