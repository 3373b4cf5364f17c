-- How many of a referral wait for an answer is bounded.
create index proposal_open on proposal (referral_id) where answer is null;
