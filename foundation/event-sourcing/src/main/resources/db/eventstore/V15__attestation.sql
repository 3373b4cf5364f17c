-- What the service itself adds to an event when it takes it: 128 random bits and, where it has a key, an HMAC that this
-- database cannot make (decision 71). Null for events that were stored before.
alter table event add column attestation bytea;
