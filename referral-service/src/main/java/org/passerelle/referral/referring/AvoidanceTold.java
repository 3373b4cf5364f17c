package org.passerelle.referral.referring;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.eventsourcing.sealing.Personal;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.WhyAvoided;
import org.passerelle.referral.routing.Avoidance;
import org.passerelle.referral.routing.Places;

/**
 * What a case avoids from now on, as identification-service told it; one stream for each case that avoids something.
 *
 * @param revision how often it was changed; of two of one moment the higher counts
 * @param at when it was said. The newest counts, in whatever order they come: two consumers take each, and a topic may be
 *     filled again. Not the revision alone: a log that was restored counts some of them anew
 */
public record AvoidanceTold(
        int revision,

        @Personal(value = "attributes", erased = "[]") List<PlaceCode> places,

        @Personal(value = "attributes", erased = "[]") List<AvoidedOrganisation> organisations,

        Instant at) {

    public static final EventTypes<AvoidanceTold> TYPES = EventTypes.of(AvoidanceTold.class)
            .type("referral.avoidance-told", 1, AvoidanceTold.class)
            .about((stream, event) -> stream.key())
            .build();

    public static final StreamKind<AvoidanceTold, Known, AvoidanceTold> KIND =
            StreamKind.of("avoidance", new Newest(), TYPES);

    public AvoidanceTold {
        places = List.copyOf(places);
        organisations = List.copyOf(organisations);
    }

    public record AvoidedOrganisation(OrganisationId organisation, WhyAvoided why) {}

    static StreamId of(CaseCode code) {
        return KIND.stream(code.value());
    }

    /** What is known of a case. */
    public record Known(
            int revision, Instant at, Set<PlaceCode> places, Map<OrganisationId, WhyAvoided> organisations) {

        public Known {
            places = Set.copyOf(places);
            organisations = Map.copyOf(organisations);
        }

        public Avoidance on(LocalDate day, Places register) {
            return Avoidance.of(places, organisations, register, day);
        }

        /** Says nothing of it: it may be written to a log. */
        @Override
        public String toString() {
            return "Known[" + revision + "]";
        }
    }

    private static final class Newest implements Decider<AvoidanceTold, Known, AvoidanceTold> {

        @Override
        public Known initial() {
            return new Known(0, Instant.MIN, Set.of(), Map.of());
        }

        @Override
        public List<AvoidanceTold> decide(AvoidanceTold told, Known known) {
            int newer = told.at().compareTo(known.at());
            return newer > 0 || newer == 0 && told.revision() > known.revision() ? List.of(told) : List.of();
        }

        @Override
        public Known evolve(Known known, AvoidanceTold told) {
            Map<OrganisationId, WhyAvoided> organisations = told.organisations().stream()
                    .collect(Collectors.toMap(AvoidedOrganisation::organisation, AvoidedOrganisation::why));
            return new Known(told.revision(), told.at(), Set.copyOf(told.places()), organisations);
        }
    }

    /** Says nothing of it: it may be written to a log. */
    @Override
    public String toString() {
        return "AvoidanceTold[" + revision + "]";
    }
}
