package org.passerelle.referral.referring;

import java.time.Instant;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;

/** An offer and how it stands. */
public record Offer(OfferId id, OrganisationId organisation, ServiceId service, Instant answerBy, Standing standing) {

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
        return new Offer(id, organisation, service, answerBy, now);
    }
}
