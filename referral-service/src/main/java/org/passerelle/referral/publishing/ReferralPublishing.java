package org.passerelle.referral.publishing;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.eventsourcing.Publishing;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.referral.referring.ReferralStream;

/** Tells the other services what happens to referrals. The directory is not published: nobody asks for it. */
@ApplicationScoped
public class ReferralPublishing implements Publishing {

    @Override
    public String topic() {
        return "passerelle.referral";
    }

    @Override
    public Set<String> categories() {
        return Set.of(ReferralStream.CATEGORY);
    }

    @Override
    public Optional<PublicEvent> translate(StoredEvent stored) {
        return PublicReferralEvents.of(ReferralStream.TYPES.decode(stored));
    }
}
