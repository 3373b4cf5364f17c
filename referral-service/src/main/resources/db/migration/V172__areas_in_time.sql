-- When each of a service's areas is served, in the order of areas, as from/to with open ends; null where all always are.
alter table directory_service add column area_periods text[];
