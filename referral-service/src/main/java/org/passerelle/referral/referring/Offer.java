package org.passerelle.referral.referring;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.routing.RoutingIndex;

/**
 * An offer and how it stands.
 *
 * @param declined why, where the answer was no
 * @param endedAt when it was declined or expired; else null
 */
public record Offer(
        OfferId id,
        OrganisationId organisation,
        ServiceId service,
        Instant answerBy,
        Standing standing,
        @Nullable DeclineReason declined,
        @Nullable Instant endedAt) {

    public Offer(OfferId id, OrganisationId organisation, ServiceId service, Instant answerBy, Standing standing) {
        this(id, organisation, service, answerBy, standing, null, null);
    }

    /** How an offer stands; only an open one awaits an answer. */
    public enum Standing {
        OPEN,
        ACCEPTED,
        DECLINED,
        EXPIRED,
        WITHDRAWN,
        /** Taken back since others went elsewhere: a yes that comes later still counts, as after it expired. */
        MOVED,
        /** Accepted, and passed on. */
        TRANSFERRED,
        /** Not open any more, and answered with a yes after somebody else's. */
        LATE,
        /** Answered with a yes after somebody else's, thanked and released. */
        RELEASED
    }

    Offer standing(Standing now) {
        return new Offer(id, organisation, service, answerBy, now, declined, endedAt);
    }

    Offer declined(DeclineReason reason, Instant at) {
        return new Offer(id, organisation, service, answerBy, Standing.DECLINED, reason, at);
    }

    Offer expired(Instant at) {
        return new Offer(id, organisation, service, answerBy, Standing.EXPIRED, null, at);
    }

    RoutingIndex.Key key() {
        return new RoutingIndex.Key(organisation, service);
    }
}
