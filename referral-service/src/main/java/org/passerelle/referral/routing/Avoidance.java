package org.passerelle.referral.routing;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        if (places.isEmpty()) {
            return false;
        }
        boolean unknown = candidate.sites().isEmpty();
        for (Site site : candidate.sites()) {
            PlaceCode at = site.place();
            if (site.virtual()) {
                continue;
            }
            if (at == null) {
                unknown = true;
            } else if (meets(at)) {
                return true;
            }
        }
        return unknown && candidate.areas().stream().anyMatch(area -> meets(area.place()));
    }

    private boolean meets(PlaceCode at) {
        return places.stream().anyMatch(place -> place.mayMeet(at));
    }

    /** Says nothing: it may be written to a log. */
    @Override
    public String toString() {
        return "Avoidance";
    }
}
