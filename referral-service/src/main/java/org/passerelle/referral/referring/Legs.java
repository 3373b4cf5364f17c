package org.passerelle.referral.referring;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.referring.Referral.Accepted;
import org.passerelle.referral.referring.Referral.Course;
import org.passerelle.referral.referring.Referral.Ended;
import org.passerelle.referral.referring.Referral.Ending;
import org.passerelle.referral.referring.Referral.Offered;
import org.passerelle.referral.referring.Referral.Unrequested;
import org.passerelle.referral.referring.Referral.Waiting;
import org.passerelle.referral.routing.Avoidance;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Circumstances;
import org.passerelle.referral.routing.ConsentTerms;
import org.passerelle.referral.routing.PriorAnswer;
import org.passerelle.referral.routing.PriorAnswers;
import org.passerelle.referral.routing.RoutingIndex;
import org.passerelle.referral.routing.RoutingPolicy;
import org.passerelle.referral.routing.Shortlist;
import org.passerelle.referral.routing.Together;
import org.passerelle.referral.routing.Verdict;

/**
 * The needs of a package that another one of it depends on, or must be together with, as they stand.
 *
 * @param others those that were not stated to this service yet are missing
 * @param among for each that must be together with it, the services that it is ranked among
 */
public record Legs(Map<ReferralId, Referral> others, Map<ReferralId, Shortlist> among) {

    /** The need stands alone. */
    public static final Legs NONE = new Legs(Map.of(), Map.of());

    private static final Shortlist NOWHERE = new Shortlist(List.of(), 0, 0, LocalDate.EPOCH);

    public Legs {
        others = Map.copyOf(others);
        among = Map.copyOf(among);
    }

    /**
     * Why a need cannot go out yet.
     *
     * @param by those that it waits for
     * @param failed one that it should come after ended without help: it will never be its turn
     */
    record Held(Set<ReferralId> by, boolean failed) {}

    private enum Progress {
        FAR_ENOUGH,
        UNDER_WAY,
        FAILED
    }

    /** One that must be together with others waits until all of them are known. */
    Held held(Leg leg) {
        Set<ReferralId> by = new HashSet<>();
        boolean failed = false;
        for (Leg.After one : leg.after()) {
            switch (progress(of(one.needId()), one.until())) {
                case FAR_ENOUGH -> {}
                case UNDER_WAY -> by.add(one.needId());
                case FAILED -> failed = true;
            }
        }
        for (ReferralId other : leg.together()) {
            if (of(other) instanceof Unrequested) {
                by.add(other);
            }
        }
        return new Held(by, failed);
    }

    private Referral of(ReferralId id) {
        return others.getOrDefault(id, new Unrequested());
    }

    private static Progress progress(Referral other, Leg.Until until) {
        return switch (other) {
            case Unrequested none -> Progress.UNDER_WAY;
            case Waiting waiting -> Progress.UNDER_WAY;
            case Offered offered -> Progress.UNDER_WAY;
            case Accepted accepted ->
                until == Leg.Until.BEGUN && accepted.begun() ? Progress.FAR_ENOUGH : Progress.UNDER_WAY;
            case Ended ended -> ended.ending() == Ending.COMPLETED ? Progress.FAR_ENOUGH : Progress.FAILED;
        };
    }

    /**
     * What the others demand of a service for this need. Where one of them was accepted, that decides; else where they
     * have offers, unless the organisation said no to one of them: then all of them move on, to where
     * there is room for all. What an organisation said to one that has ended bars nobody.
     */
    Together together(
            Leg leg,
            Course own,
            RoutingPolicy routing,
            ConsentTerms consent,
            Map<RoutingIndex.Key, Instant> news,
            Avoidance avoidance) {
        List<Together.Held> accepted = new ArrayList<>();
        List<Together.Held> offered = new ArrayList<>();
        List<ReferralId> waiting = new ArrayList<>();
        Set<OrganisationId> refused = new HashSet<>();
        Map<OrganisationId, PriorAnswer> answers = said(own, news);
        List<ReferralId> companions = leg.together().stream()
                .filter(id -> !(of(id) instanceof Unrequested)
                        && !Referral.course(of(id)).apart())
                .sorted(Comparator.comparing(ReferralId::toString))
                .toList();
        for (ReferralId id : companions) {
            if (of(id) instanceof Ended) {
                continue;
            }
            Map<OrganisationId, PriorAnswer> said = said(Referral.course(of(id)), news);
            answers.putAll(said);
            refused.addAll(said.keySet());
        }
        for (ReferralId id : companions) {
            switch (of(id)) {
                case Unrequested none -> {}
                case Ended over -> {}
                case Accepted other -> accepted.add(place(id, other.accepted()));
                case Offered other -> {
                    if (answers.containsKey(other.open().organisation())) {
                        waiting.add(id);
                    } else {
                        offered.add(place(id, other.open()));
                    }
                }
                case Waiting other -> waiting.add(id);
            }
        }
        accepted.forEach(place -> {
            refused.remove(place.organisation());
            answers.remove(place.organisation());
        });
        List<List<Candidate>> wanted = waiting.stream()
                .map(id -> couldTake(
                        id,
                        Referral.course(of(id)),
                        Circumstances.NONE.avoiding(avoidance).beside(beside(id, own)),
                        routing,
                        consent,
                        answers))
                .toList();
        return new Together(refused, accepted.isEmpty() ? offered : accepted, wanted);
    }

    /** What one service of an organisation says of one of the needs, all of it says to all of them. */
    static Map<OrganisationId, PriorAnswer> said(Course course, Map<RoutingIndex.Key, Instant> news) {
        return Answers.inTheEnd(course.offers(), news).byOrganisation();
    }

    private Together.Held place(ReferralId id, Offer offer) {
        return new Together.Held(offer.organisation(), find(id, offer.service(), offer.organisation()));
    }

    private @Nullable Candidate find(ReferralId id, ServiceId service, OrganisationId organisation) {
        return among.getOrDefault(id, NOWHERE).candidates().stream()
                .filter(candidate -> candidate.service().equals(service)
                        && candidate.organisation().equals(organisation))
                .findFirst()
                .orElse(null);
    }

    /** The person's needs of the package that somebody is asked for or gives, and the one that is routed; but for this one. */
    private Set<ServiceType> beside(ReferralId id, Course own) {
        Set<ServiceType> needs = EnumSet.noneOf(ServiceType.class);
        if (Referral.course(of(id)).request().ofSomebodyElse()) {
            return needs;
        }
        add(needs, own.request());
        others.forEach((other, state) -> {
            if (!other.equals(id) && (state instanceof Offered || state instanceof Accepted)) {
                add(needs, Referral.course(state).request());
            }
        });
        return needs;
    }

    private static void add(Set<ServiceType> needs, Request one) {
        if (!one.ofSomebodyElse()) {
            needs.add(one.service());
        }
    }

    private List<Candidate> couldTake(
            ReferralId id,
            Course other,
            Circumstances circumstances,
            RoutingPolicy routing,
            ConsentTerms consent,
            Map<OrganisationId, PriorAnswer> answers) {
        Shortlist services = among.getOrDefault(id, NOWHERE);
        Map<RoutingIndex.Key, Candidate> byKey = new HashMap<>();
        services.candidates().forEach(candidate -> byKey.put(RoutingIndex.Key.of(candidate), candidate));
        List<Candidate> able = new ArrayList<>();
        for (Verdict kept : routing.rank(
                        other.request().need(),
                        services,
                        consent,
                        new PriorAnswers(answers, Map.of()),
                        circumstances,
                        Together.NONE)
                .kept()) {
            Candidate candidate = byKey.get(new RoutingIndex.Key(kept.organisation(), kept.service()));
            if (candidate != null) {
                able.add(candidate);
            }
        }
        return able;
    }
}
