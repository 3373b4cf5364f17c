package org.passerelle.identification.avoiding.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.avoiding.Avoidance;
import org.passerelle.identification.avoiding.Avoidance.AvoidedOrganisation;
import org.passerelle.identification.avoiding.Avoidance.AvoidedPlace;
import org.passerelle.identification.casefile.CaseCommand;
import org.passerelle.identification.casefile.CaseCommand.Avoid;
import org.passerelle.identification.casefile.CaseCommand.LiftAvoidance;
import org.passerelle.identification.casefile.CaseCommand.StateAvoiding;
import org.passerelle.identification.publishing.SealedForReferral;

/** Commands of what somebody asks to be avoided, in the name of their account. */
@ApplicationScoped
public class Avoidances {

    @Inject
    Access access;

    @Inject
    SealedForReferral referral;

    /** @param asked null where a need is stated without any danger */
    public CaseCommand before(@Nullable ToAvoid asked, CaseCommand stated) {
        return asked == null ? stated : new StateAvoiding(avoid(asked), stated);
    }

    Avoid avoid(ToAvoid asked) {
        requireSomething(asked.places(), asked.organisations());
        requireSetUp();
        String by = access.caller().issuer() + " " + access.caller().subject();
        Instant now = now();
        return new Avoid(
                new Avoidance(
                        0,
                        orNone(asked.places()).stream()
                                .map(place -> new AvoidedPlace(place, by, now))
                                .toList(),
                        orNone(asked.organisations()).stream()
                                .map(one -> new AvoidedOrganisation(one.organisationId(), one.why(), by, now))
                                .toList()),
                now);
    }

    LiftAvoidance lift(SafeByNow safe) {
        requireSomething(safe.places(), safe.organisations());
        requireSetUp();
        return new LiftAvoidance(orNone(safe.places()), orNone(safe.organisations()), now());
    }

    private void requireSetUp() {
        if (!referral.given()) {
            // Kept here alone it would keep nobody away from anywhere, and somebody would rely on it.
            throw Refusal.of("avoidance-not-set-up").conflict();
        }
    }

    private static void requireSomething(@Nullable List<?> places, @Nullable List<?> organisations) {
        if (orNone(places).isEmpty() && orNone(organisations).isEmpty()) {
            throw Refusal.of("avoidance-of-nothing").field("places").invalid();
        }
    }

    private static <T> Set<T> orNone(@Nullable List<T> list) {
        return list == null ? Set.of() : new LinkedHashSet<>(list);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
