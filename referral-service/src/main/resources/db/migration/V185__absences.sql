-- Who of an organisation is away, as membership events say; the last absence of each account, also when it is over.
create table absence (
    account       text collate "C" not null,  -- see Memberships.account
    organisation  text collate "C" not null,
    begins_at     timestamptz      not null,
    ends_at       timestamptz      not null,
    cover         text collate "C",           -- an account of the same organisation; null where there is none
    cover_issuer  text,
    cover_subject text,
    primary key (account, organisation)
);

-- Who has it and who covers them, while it lasts: a colleague on record who may have referrals, and is not away too.
-- One step and no more, so that those who cover each other send nothing round.
create function away(whose text, within text, moment timestamptz)
    returns table (ends_at timestamptz, cover text, cover_issuer text, cover_subject text)
    language sql stable as $$
select a.ends_at, c.account, case when c.account is not null then a.cover_issuer end,
       case when c.account is not null then a.cover_subject end
from absence a
left join member c on c.account = a.cover and c.organisation = a.organisation and not c.removed
    and c.roles && array['provider', 'police-investigator']
    and not exists (select 1 from absence b where b.account = c.account and b.organisation = a.organisation
                    and b.begins_at <= moment and b.ends_at > moment)
where a.account = whose and a.organisation = within and a.begins_at <= moment and a.ends_at > moment
$$;

-- How the referral came to whoever has it, or back into the inbox; null of before it was kept.
alter table referral_view add column claim_reason text;
