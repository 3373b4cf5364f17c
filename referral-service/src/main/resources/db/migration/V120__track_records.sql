-- How services answered lately, and how much organisations have open: asked at each routing.
create index offer_view_lately on offer_view (service_id, offered_at) 
    where standing in ('accepted', 'ended', 'declined', 'expired', 'late');
create index offer_view_load on offer_view (organisation_id) where standing in ('open', 'accepted');
