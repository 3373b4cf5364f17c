-- Whether the need is that of somebody who comes along: services that must not be combined with a need ask for the person's own.
alter table referral_view add column accompanying boolean not null default false;
