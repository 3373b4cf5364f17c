package org.passerelle.referral.members;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When somebody of an organisation is away.
 *
 * @param until they are back; nothing has to be said then
 * @param cover the colleague who has their referrals meanwhile; null where these return to the organisation's inbox
 */
public record Absence(Instant from, Instant until, @Nullable Account cover) {

    /** Roles, as written in tokens, of those who can have a referral of their own: see {@code referral.claim} in access-policy.csv. */
    static final Set<String> OF_WHO_CLAIMS = Set.of("provider", "police-investigator");

    /** How long one may be, and how far ahead it may be declared. */
    static final Duration LONGEST = Duration.ofDays(366);

    public boolean at(Instant moment) {
        return !moment.isBefore(from) && !isOver(moment);
    }

    public boolean isOver(Instant moment) {
        return !moment.isBefore(until);
    }
}
