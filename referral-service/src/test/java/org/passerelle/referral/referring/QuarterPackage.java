package org.passerelle.referral.referring;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.routing.Need;

/** Packages of a simulated {@link Quarter}: of two or three needs, one after another, at one place, or both. */
final class QuarterPackage {

    private QuarterPackage() {}

    static ReferralId need(int number) {
        return new ReferralId(new UUID(7, number));
    }

    /** The first two go to one place or one after the other; a third comes after the first. */
    static List<Leg> legs(Random random, int first, int many) {
        UUID id = new UUID(6, first);
        List<Leg> legs = new ArrayList<>();
        if (random.nextBoolean()) {
            legs.add(new Leg(id, List.of(), List.of(need(first + 1))));
            legs.add(new Leg(id, List.of(), List.of(need(first))));
        } else {
            legs.add(new Leg(id, List.of(), List.of()));
            legs.add(new Leg(id, after(random, first), List.of()));
        }
        if (many > 2) {
            legs.add(new Leg(id, after(random, first), List.of()));
        }
        return legs;
    }

    private static List<Leg.After> after(Random random, int first) {
        return List.of(new Leg.After(need(first), random.nextInt(3) == 0 ? Leg.Until.COMPLETED : Leg.Until.BEGUN));
    }

    /** Who must be at one place needs the same there: a bed each, say. */
    static ServiceType service(Leg leg, Need own, List<Need> all) {
        return leg.together().isEmpty() ? own.service() : all.getFirst().service();
    }

    /** Whether all that must be at one place were accepted there. */
    static boolean isTogether(Life life) {
        Leg leg = life.request.leg();
        if (leg == null || leg.together().isEmpty() || !life.placed()) {
            return false;
        }
        return life.person.needs.stream()
                .filter(life::dependsOn)
                .allMatch(other -> takenBy(other).equals(takenBy(life)));
    }

    private static List<OrganisationId> takenBy(Life life) {
        return Referral.course(life.state).offers().stream()
                .filter(offer -> offer.standing() == Offer.Standing.ACCEPTED)
                .map(Offer::organisation)
                .toList();
    }
}
