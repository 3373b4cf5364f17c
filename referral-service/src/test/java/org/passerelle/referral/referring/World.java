package org.passerelle.referral.referring;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.codes.WhyAvoided;
import org.passerelle.referral.routing.Avoidance;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Circumstances;
import org.passerelle.referral.routing.ConsentTerms;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.routing.PlainCandidate;
import org.passerelle.referral.routing.RoutingPolicy;
import org.passerelle.referral.routing.ShippedWeights;
import org.passerelle.referral.routing.Shortlist;
import org.passerelle.referral.routing.Site;

/** Invented needs, services and consents for tests; everything by small numbers. */
final class World {

    /** On which the directory is looked at. */
    static final LocalDate DAY = LocalDate.parse("2026-11-20");

    static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    static final ReferralDecider DECIDER =
            new ReferralDecider(new RoutingPolicy(Places.shipped(), ShippedWeights.TABLE), OfferClocks.DEFAULT);
    static final ConsentTerms ANYBODY = new ConsentTerms(true, true, Set.of(), false, false, Set.of());

    private World() {}

    static Request request(Urgency urgency, Duration clock) {
        return new Request(
                new ReferralId(new UUID(7, 7)),
                new CaseCode("4829-1370-6158"),
                organisation(99),
                ServiceType.SAFE_SHELTER,
                urgency,
                new PlaceCode("BI-BM"),
                19,
                false,
                Sex.FEMININE,
                NOON,
                NOON.plus(clock),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    static OrganisationId organisation(int number) {
        return new OrganisationId(new UUID(0, number));
    }

    static ServiceId service(int number) {
        return new ServiceId(new UUID(1, number));
    }

    static OfferId offer(int number) {
        return new OfferId(new UUID(2, number));
    }

    static ConsentTerms onlyTo(int... numbers) {
        Set<OrganisationId> recipients = new java.util.HashSet<>();
        for (int number : numbers) {
            recipients.add(organisation(number));
        }
        return new ConsentTerms(true, false, recipients, false, false, Set.of());
    }

    /** The services of organisations 1 to {@code count}; the best is always the lowest number. */
    static Surroundings around(int count, ConsentTerms consent, int nextOffer) {
        List<Candidate> candidates = new ArrayList<>();
        for (int number = count; number > 0; number--) {
            candidates.add(candidate(number, ServiceType.SAFE_SHELTER, new PlaceCode("BI-BM")));
        }
        return new Surroundings(new Shortlist(candidates, 0, 5, DAY), consent, Circumstances.NONE, offer(nextOffer));
    }

    /** The same in a case that avoids these organisations, and places. */
    static Surroundings avoiding(Surroundings around, Map<OrganisationId, WhyAvoided> organisations, String... places) {
        Set<PlaceCode> avoided = Arrays.stream(places).map(PlaceCode::new).collect(Collectors.toSet());
        return new Surroundings(
                around.among(),
                around.consent(),
                around.circumstances().avoiding(Avoidance.of(avoided, organisations, Places.shipped(), DAY)),
                around.nextOffer());
    }

    /** An active service for everybody, of a non-governmental organisation of its own, with no figure of what is free. */
    static Candidate candidate(int number, ServiceType type, PlaceCode place) {
        return candidate(number, number, type, place);
    }

    /** The same, as the {@code number}th service of an organisation. */
    static Candidate candidate(int organisation, int number, ServiceType type, PlaceCode place) {
        return PlainCandidate.of(
                service(number),
                organisation(organisation),
                OrganisationType.NGO,
                Set.of(type),
                ServiceStatus.ACTIVE,
                false,
                List.of(new Site(place, null, false)),
                false,
                Set.of(),
                Set.of(),
                null,
                null,
                null,
                null);
    }
}
