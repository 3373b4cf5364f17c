package org.passerelle.referral.referring;

import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.routing.Avoidance;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Circumstances;
import org.passerelle.referral.routing.ConsentTerms;
import org.passerelle.referral.routing.Danger;
import org.passerelle.referral.routing.RoutingIndex;
import org.passerelle.referral.routing.RoutingPolicy;
import org.passerelle.referral.routing.Shortlist;

/**
 * What a decision needs to know of the world around the referral; looked up before the decision and handed to it.
 *
 * @param among the directory's services of the wanted type that reach the place, that this need was offered to, and some
 *     of those that do not reach it
 * @param consent what the person agreed to, as of now
 * @param circumstances what soft rules weigh beside the directory
 * @param legs the other needs of its package that it depends on
 * @param suspended of those that this need was offered to
 * @param news of services that were asked: when they last said what they have room for, or a unit of them was given back
 * @param nextOffer the id of the offer, should one be made
 */
public record Surroundings(
        Shortlist among,
        ConsentTerms consent,
        Circumstances circumstances,
        Legs legs,
        Set<OrganisationId> suspended,
        Map<RoutingIndex.Key, Instant> news,
        OfferId nextOffer) {

    public Surroundings {
        suspended = Set.copyOf(suspended);
        news = Map.copyOf(news);
    }

    /** Of a need that nobody was offered who is suspended by now, and where of nobody who was asked anything is known since. */
    public Surroundings(
            Shortlist among, ConsentTerms consent, Circumstances circumstances, Legs legs, OfferId nextOffer) {
        this(among, consent, circumstances, legs, Set.of(), Map.of(), nextOffer);
    }

    /** Of a need that stands alone. */
    public Surroundings(Shortlist among, ConsentTerms consent, Circumstances circumstances, OfferId nextOffer) {
        this(among, consent, circumstances, Legs.NONE, nextOffer);
    }

    /**
     * As they are for this need: the law may have it reported whether or not the person agrees, and the needs of the person
     * are not those of somebody who comes along.
     */
    Surroundings of(Request request) {
        if (request.reportedUnder() == null && !request.ofSomebodyElse()) {
            return this;
        }
        return new Surroundings(
                among,
                request.reportedUnder() == null ? consent : consent.reportedTo(police()),
                request.ofSomebodyElse() ? circumstances.beside(Set.of()) : circumstances,
                legs,
                suspended,
                news,
                nextOffer);
    }

    /** Whether nobody acts for an organisation that the need was offered to. */
    boolean suspended(OrganisationId organisation) {
        return suspended.contains(organisation);
    }

    private Set<OrganisationId> police() {
        return among.candidates().stream()
                .filter(candidate -> candidate.organisationType() == OrganisationType.LAW_ENFORCEMENT)
                .map(Candidate::organisation)
                .collect(Collectors.toSet());
    }

    /** Where none of its services is among these it may be one. */
    public boolean mayBeAnAuthority(UUID organisation) {
        return RoutingPolicy.mayBeAnAuthority(among.candidates().stream()
                .filter(candidate -> candidate.organisation().value().equals(organisation))
                .toList());
    }

    /** Whether the person is not to be sent there, as far as is known: one that left the directory is nowhere. */
    boolean isAvoided(Offer offer) {
        return circumstances.avoidance().concerns(offer.organisation())
                || given(offer).anyMatch(circumstances.avoidance()::concerns);
    }

    /**
     * The dangers that are known where the service is given. What was found there before stays until it is lifted, whatever
     * the directory says of the service by now: the person may be in that house.
     */
    Set<Danger> dangers(Offer offer, Set<Danger> before) {
        Avoidance avoidance = circumstances.avoidance();
        Set<Danger> now = new HashSet<>(avoidance.dangersIn(offer.organisation()));
        given(offer).forEach(candidate -> now.addAll(avoidance.dangersAt(candidate)));
        before.stream()
                .filter(danger -> avoidance.stillSays(danger, offer.organisation()))
                .forEach(now::add);
        return now;
    }

    /** Whether it can be said of the service that nothing is feared there. */
    boolean canTellThatNothingIsAvoided(Offer offer) {
        return circumstances.avoidance().isEmpty() || given(offer).findAny().isPresent();
    }

    private Stream<Candidate> given(Offer offer) {
        return among.candidates().stream()
                .filter(candidate -> candidate.service().equals(offer.service())
                        && candidate.organisation().equals(offer.organisation()));
    }

    /** Whether somebody who was offered it may still be given it. */
    boolean stillMayHave(Offer offer) {
        return stillConsented(offer) && !isAvoided(offer);
    }

    /**
     * A service that left the directory, or its organisation, is asked about in the name of the organisation only: which
     * may be an authority.
     */
    boolean stillConsented(Offer offer) {
        return given(offer)
                .findFirst()
                .map(candidate ->
                        RoutingPolicy.whyNotConsented(candidate, consent).isEmpty())
                .orElseGet(() -> consent.services()
                        && !consent.withheldFromAuthorities()
                        && !consent.withheldFrom().contains(offer.organisation())
                        && (consent.any() || consent.recipients().contains(offer.organisation())));
    }
}
