-- Age and sex lie sealed in the referral's first event and are read from there.
alter table referral_view alter column age_band drop not null, alter column sex drop not null;
update referral_view set age_band = null, sex = null where age_band is not null or sex is not null;
