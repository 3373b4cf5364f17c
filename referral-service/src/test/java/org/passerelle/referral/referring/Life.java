package org.passerelle.referral.referring;

import static org.passerelle.referral.referring.World.DECIDER;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.WhyAvoided;
import org.passerelle.referral.referring.Lifecycle.Stage;
import org.passerelle.referral.routing.Avoidance;
import org.passerelle.referral.routing.ConsentTerms;
import org.passerelle.referral.routing.Places;

/** One need of a simulated {@link Quarter}. */
final class Life {

    private static final Places PLACES = Places.shipped();

    /** Whose needs are one case, and one package where they are several. */
    static final class Person {
        final List<Life> needs = new ArrayList<>();
        final Set<OrganisationId> fears = new LinkedHashSet<>();
        final Set<PlaceCode> fearedPlaces = new LinkedHashSet<>();
        ConsentTerms consent;

        Person(ConsentTerms consent) {
            this.consent = consent;
        }

        Avoidance avoidance(LocalDate day) {
            return Avoidance.of(
                    fearedPlaces,
                    fears.stream().collect(Collectors.toMap(one -> one, one -> WhyAvoided.TRAFFICKER_REACH)),
                    PLACES,
                    day);
        }
    }

    final Request request;
    final Person person;
    final Map<String, Instant> deadlines = new HashMap<>();
    final Climbing climbing = new Climbing();
    Referral state = DECIDER.initial();
    int offers;
    boolean gap;

    Life(Request request, Person person) {
        this.request = request;
        this.person = person;
    }

    boolean dependsOn(Life other) {
        Leg leg = request.leg();
        return leg != null
                && (leg.together().contains(other.request.referral())
                        || leg.after().stream().anyMatch(one -> one.needId().equals(other.request.referral())));
    }

    /** Who is asked, or gives the service. */
    @Nullable
    OrganisationId holder() {
        return switch (state) {
            case Referral.Offered offered -> offered.open().organisation();
            case Referral.Accepted accepted -> accepted.accepted().organisation();
            case Referral.Unrequested none -> null;
            case Referral.Waiting none -> null;
            case Referral.Ended none -> null;
        };
    }

    boolean isHeldBy(OrganisationId organisation) {
        return organisation.equals(holder());
    }

    /** Whether somebody had it, and nobody has. */
    boolean freedSince(Referral before) {
        return (before instanceof Referral.Offered || before instanceof Referral.Accepted)
                && (state instanceof Referral.Waiting || state instanceof Referral.Ended);
    }

    List<ServiceId> asked() {
        return state instanceof Referral.Unrequested
                ? List.of()
                : Referral.course(state).offers().stream().map(Offer::service).toList();
    }

    /** For the table at the end. */
    List<String> outcomes() {
        Stage stage = Stage.of(state);
        List<String> outcomes = new ArrayList<>();
        outcomes.add((stage.ended() ? "ended " : "still ") + stage.code());
        if (placed() && offers > 0) {
            outcomes.add(offers == 1 ? "placed at the first try" : "placed after re-routing");
        }
        if (gap) {
            outcomes.add("a gap at some time");
        }
        if (QuarterPackage.isTogether(this)) {
            outcomes.add("together at one place");
        }
        return outcomes;
    }

    boolean placed() {
        return !(state instanceof Referral.Unrequested)
                && Referral.course(state).offers().stream()
                        .anyMatch(offer -> offer.standing() == Offer.Standing.ACCEPTED);
    }

    Fared fared() {
        return new Fared(
                1,
                placed() && offers == 1 ? 1 : 0,
                placed() && offers > 1 ? 1 : 0,
                !placed() && gap ? 1 : 0,
                !placed() && !gap ? 1 : 0);
    }
}
