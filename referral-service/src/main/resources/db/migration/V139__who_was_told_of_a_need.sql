-- Who was told last that nobody serves the need yet, whoever is asked meanwhile; and what the provider said last of a service that goes on.
alter table referral_view
    add column need_told   text,            -- reminder, supervisor, coordinator
    add column progress    text,
    add column reported_at timestamptz;
create index referral_view_need_told on referral_view (need_told, due_at) where need_told is not null;
