package org.passerelle.referral.members;

import org.passerelle.edge.Memberships;

/**
 * An account of a member of staff or of a partner system.
 *
 * @param issuer  of its tokens
 * @param subject within the issuer
 */
public record Account(String issuer, String subject) {

    /** As projections and referrals know it: see {@link Memberships#account}. */
    String hashed() {
        return Memberships.account(issuer, subject);
    }
}
