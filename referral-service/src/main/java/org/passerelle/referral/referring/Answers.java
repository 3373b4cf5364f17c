package org.passerelle.referral.referring;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.routing.PriorAnswer;
import org.passerelle.referral.routing.PriorAnswers;
import org.passerelle.referral.routing.RoutingIndex;

/**
 * What the answers to earlier offers of a need mean for the next one. A no bars the service that said it; where it concerns
 * the person or the organisation, all that the organisation gives. Of a service that was asked twice the last time counts.
 */
final class Answers {

    private Answers() {}

    /** While somebody else can be asked: whoever did not answer for one service will hardly answer for the next. */
    static PriorAnswers whileOthersAreLeft(List<Offer> offers) {
        Map<OrganisationId, PriorAnswer> organisations = ofOrganisations(offers);
        Map<RoutingIndex.Key, PriorAnswer> services = new HashMap<>();
        lastOffers(offers).forEach((service, offer) -> {
            PriorAnswer answer = ofService(offer);
            if (answer == PriorAnswer.EXPIRED) {
                organisations.putIfAbsent(offer.organisation(), answer);
            } else if (answer != null) {
                services.put(service, answer);
            }
        });
        return new PriorAnswers(organisations, services);
    }

    /**
     * Once nobody else is left: silence bars only the service that was asked, and neither silence nor a lack of room bars
     * one of which something newer is known.
     *
     * @param news when a service last said what it has room for, or a unit of it was given back
     */
    static PriorAnswers inTheEnd(List<Offer> offers, Map<RoutingIndex.Key, Instant> news) {
        Map<RoutingIndex.Key, PriorAnswer> services = new HashMap<>();
        lastOffers(offers).forEach((service, offer) -> {
            PriorAnswer answer = ofService(offer);
            if (answer != null && !isOvertaken(answer, offer.endedAt(), news.get(service))) {
                services.put(service, answer);
            }
        });
        return new PriorAnswers(ofOrganisations(offers), services);
    }

    private static boolean isOvertaken(PriorAnswer answer, @Nullable Instant said, @Nullable Instant newest) {
        return switch (answer) {
            case EXPIRED, SAID_FULL -> said != null && newest != null && newest.isAfter(said);
            case DECLINED, DECLINED_HERE, TRANSFERRED -> false;
        };
    }

    private static Map<OrganisationId, PriorAnswer> ofOrganisations(Collection<Offer> offers) {
        Map<OrganisationId, PriorAnswer> organisations = new HashMap<>();
        for (Offer offer : offers) {
            if (offer.standing() == Offer.Standing.TRANSFERRED) {
                organisations.put(offer.organisation(), PriorAnswer.TRANSFERRED);
            } else if (offer.standing() == Offer.Standing.DECLINED
                    && offer.declined() == DeclineReason.SAFETY_CONCERN) {
                organisations.put(offer.organisation(), PriorAnswer.DECLINED);
            }
        }
        return organisations;
    }

    private static Map<RoutingIndex.Key, Offer> lastOffers(Collection<Offer> offers) {
        Map<RoutingIndex.Key, Offer> last = new LinkedHashMap<>();
        offers.forEach(offer -> last.put(offer.key(), offer));
        return last;
    }

    private static @Nullable PriorAnswer ofService(Offer offer) {
        return switch (offer.standing()) {
            case DECLINED -> ofService(offer.declined());
            case EXPIRED, LATE, RELEASED -> PriorAnswer.EXPIRED;
            case OPEN, ACCEPTED, WITHDRAWN, MOVED, TRANSFERRED -> null;
        };
    }

    private static @Nullable PriorAnswer ofService(@Nullable DeclineReason reason) {
        return switch (reason) {
            case NO_CAPACITY -> PriorAnswer.SAID_FULL;
            case NOT_ELIGIBLE, OUT_OF_AREA, OTHER -> PriorAnswer.DECLINED_HERE;
            case SAFETY_CONCERN -> null;
            case null -> PriorAnswer.DECLINED_HERE;
        };
    }
}
