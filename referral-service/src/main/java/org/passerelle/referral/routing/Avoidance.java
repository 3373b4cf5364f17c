package org.passerelle.referral.routing;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.WhyAvoided;

/**
 * Where and to whom a person is not to be sent. It stands above what they agreed to and what the law has reported: whoever
 * sends them there endangers them.
 *
 * @param places where the trafficker has reach, as the register of places has them on the day
 * @param organisations in which the trafficker has reach, or which are in conflict with the person's interests
 */
public record Avoidance(List<Reach> places, Map<OrganisationId, WhyAvoided> organisations) {

    public static final Avoidance NONE = new Avoidance(List.of(), Map.of());

    static final String UNSAFE = "out.unsafe";

    static final String CONFLICT = "out.conflict";

    public Avoidance {
        places = List.copyOf(places);
        organisations = Map.copyOf(organisations);
    }

    public static Avoidance of(
            Set<PlaceCode> places, Map<OrganisationId, WhyAvoided> organisations, Places register, LocalDate day) {
        return new Avoidance(
                places.stream().map(place -> register.reach(place, day)).toList(), organisations);
    }

    public boolean isEmpty() {
        return places.isEmpty() && organisations.isEmpty();
    }

    public boolean concerns(OrganisationId organisation) {
        return organisations.containsKey(organisation);
    }

    public boolean concerns(Candidate candidate) {
        List<Reason> against = new ArrayList<>(1);
        addWhyNot(candidate, against);
        return !against.isEmpty();
    }

    void addWhyNot(Candidate candidate, List<Reason> reasons) {
        WhyAvoided why = organisations.get(candidate.organisation());
        if (why == WhyAvoided.TRAFFICKER_REACH || mayBeThere(candidate)) {
            reasons.add(Reason.of(UNSAFE));
        }
        if (why != null && why != WhyAvoided.TRAFFICKER_REACH) {
            reasons.add(Reason.of(CONFLICT));
        }
    }

    /**
     * Whether one of the places where the service is given may be one that is avoided: an offer says of a service, not at
     * which of its doors, and a blank in a form must not endanger anybody. What is given by telephone is nowhere.
     */
    private boolean mayBeThere(Candidate candidate) {
        for (Reach place : places) {
            if (mayBeThere(candidate, place)) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayBeThere(Candidate candidate, Reach place) {
        boolean unknown = candidate.sites().isEmpty();
        for (Site site : candidate.sites()) {
            PlaceCode at = site.place();
            if (site.virtual()) {
                continue;
            }
            if (at == null) {
                unknown = true;
            } else if (place.mayMeet(at)) {
                return true;
            }
        }
        return unknown && candidate.areas().stream().anyMatch(area -> place.mayMeet(area.place()));
    }

    /** Those that are, or may be, where the service is given. */
    public Set<Danger> dangersAt(Candidate candidate) {
        return places.stream()
                .filter(place -> mayBeThere(candidate, place))
                .map(place -> Danger.at(place.place()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Those of the organisation itself, whatever service it gives. */
    public Set<Danger> dangersIn(OrganisationId organisation) {
        WhyAvoided why = organisations.get(organisation);
        return why == null ? Set.of() : Set.of(Danger.in(why));
    }

    /** Whether the case avoids it still, of what was found where this organisation gives a service. */
    public boolean stillSays(Danger danger, OrganisationId organisation) {
        return dangersIn(organisation).contains(danger)
                || places.stream().anyMatch(place -> Danger.at(place.place()).equals(danger));
    }

    /** Says nothing: it may be written to a log. */
    @Override
    public String toString() {
        return "Avoidance";
    }
}
