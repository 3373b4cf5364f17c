package org.passerelle.referral.referring;

import java.time.Instant;

/**
 * Who said yes by telephone, as the sender noted it. Kept with the referral; never published and never logged.
 *
 * @param who the person at the other end
 * @param number as dialled
 */
public record TelephoneCall(String who, String number, Instant at) {

    /** Names and numbers stay out of logs and error messages. */
    @Override
    public String toString() {
        return "TelephoneCall[" + at + "]";
    }
}
