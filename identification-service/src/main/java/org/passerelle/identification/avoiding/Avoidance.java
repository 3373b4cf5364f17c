package org.passerelle.identification.avoiding;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Place;

/**
 * What a case avoids: of the case and not of one need, because a danger is one for whatever is needed next, and for whoever
 * comes along.
 *
 * @param revision how often it was changed
 * @param places where the trafficker has reach
 */
public record Avoidance(int revision, List<AvoidedPlace> places, List<AvoidedOrganisation> organisations) {

    /** Of each kind. A case that avoids more than this needs another mechanism, not a longer list. */
    static final int MOST = 50;

    public static final Avoidance NONE = new Avoidance(0, List.of(), List.of());

    /** @param by the account of whoever said it */
    public record AvoidedPlace(Place place, String by, Instant at) {}

    /** @param by the account of whoever said it */
    public record AvoidedOrganisation(OrganisationId organisationId, WhyNot why, String by, Instant at) {

        boolean saysTheSameAs(AvoidedOrganisation other) {
            return organisationId.equals(other.organisationId) && why == other.why;
        }
    }

    public Avoidance {
        places = List.copyOf(places);
        organisations = List.copyOf(organisations);
    }

    public boolean isEmpty() {
        return places.isEmpty() && organisations.isEmpty();
    }

    /**
     * With these too. Who said first what is said again stays on record; another reason takes the place of the former.
     *
     * @throws Refusal {@code too-many}
     */
    public Avoidance with(Avoidance more) {
        List<AvoidedPlace> allPlaces = new ArrayList<>(places);
        for (AvoidedPlace one : more.places) {
            if (allPlaces.stream().noneMatch(known -> known.place().equals(one.place()))) {
                allPlaces.add(one);
            }
        }
        List<AvoidedOrganisation> allOrganisations = new ArrayList<>(organisations);
        for (AvoidedOrganisation one : more.organisations) {
            if (allOrganisations.stream().noneMatch(known -> known.saysTheSameAs(one))) {
                allOrganisations.removeIf(known -> known.organisationId().equals(one.organisationId()));
                allOrganisations.add(one);
            }
        }
        if (allPlaces.size() > MOST || allOrganisations.size() > MOST) {
            throw Refusal.of("too-many").with(MOST).conflict();
        }
        return new Avoidance(revision, allPlaces, allOrganisations);
    }

    /** What is left when somebody who answers for the case says that these are safe. */
    public Avoidance without(Set<Place> safePlaces, Set<OrganisationId> safeOrganisations) {
        return new Avoidance(
                revision,
                places.stream().filter(one -> !safePlaces.contains(one.place())).toList(),
                organisations.stream()
                        .filter(one -> !safeOrganisations.contains(one.organisationId()))
                        .toList());
    }
}
