-- Where a referral stands beyond the acceptance, whose next step it is, and whose of the organisation it is.
alter table offer_view add column acknowledged_at timestamptz;
alter table referral_view
    add column begun_at timestamptz,
    add column claimant text collate "C",   -- an account, see Memberships.account
    add column step     text,
    add column step_of  uuid,
    add column step_by  timestamptz,
    add column told     text;               -- reminder, supervisor, coordinator
create index referral_view_claimant on referral_view (claimant) where claimant is not null;
create index referral_view_told on referral_view (told, step_by) where told is not null;
