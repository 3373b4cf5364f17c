package org.passerelle.referral.referring;

import java.util.List;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.ConsentTerms;
import org.passerelle.referral.routing.RoutingPolicy;

/**
 * What a decision needs to know of the world around the referral; looked up before the decision and handed to it.
 *
 * @param candidates the directory's services of the wanted type that reach the place, that this need was offered to, and
 *     some of those that do not reach it
 * @param elsewhere how many more of the type do not reach it
 * @param otherTypes how many services of other types it holds
 * @param consent what the person agreed to, as of now
 * @param nextOffer the id of the offer, should one be made
 */
public record Surroundings(
        List<Candidate> candidates, int elsewhere, int otherTypes, ConsentTerms consent, OfferId nextOffer) {

    public Surroundings {
        candidates = List.copyOf(candidates);
    }

    /**
     * A service that left the directory, or its organisation, is asked about in the name of the organisation only: which
     * may be an authority.
     */
    boolean stillConsented(Offer offer) {
        for (Candidate candidate : candidates) {
            if (candidate.service().equals(offer.service())
                    && candidate.organisation().equals(offer.organisation())) {
                return RoutingPolicy.whyNotConsented(candidate, consent).isEmpty();
            }
        }
        return consent.services()
                && !consent.withheldFromAuthorities()
                && !consent.withheldFrom().contains(offer.organisation())
                && (consent.any() || consent.recipients().contains(offer.organisation()));
    }
}
