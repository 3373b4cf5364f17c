package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.passerelle.referral.referring.World.NOON;
import static org.passerelle.referral.referring.World.service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.referring.ReferralCommand.AcceptOffer;
import org.passerelle.referral.referring.ReferralCommand.BeginService;
import org.passerelle.referral.referring.ReferralCommand.CancelReferral;
import org.passerelle.referral.referring.ReferralCommand.ChooseService;
import org.passerelle.referral.referring.ReferralCommand.CompleteReferral;
import org.passerelle.referral.referring.ReferralCommand.DeclineOffer;
import org.passerelle.referral.referring.ReferralCommand.EscalateStep;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;
import org.passerelle.referral.routing.Candidate;

/** Given some needs of a package, when one goes on, then the others do what they must. */
@Tag("routing")
class PackageTest extends PackageWorld {

    @Test
    void whatComesAfterWaitsUntilTheFirstIsBegun_withAStepAndItsOwnClock() {
        medicalBeforeShelter(Leg.Until.BEGUN);
        assertThat(place(FIRST)).isEqualTo(of(1));
        assertThat(place(SECOND)).isEmpty();
        assertThat(next(SECOND)).isEqualTo(NextStep.OTHER_NEED);
        assertThat(past.get(SECOND).stream()
                        .flatMap(event -> ReferralStream.deadlines(event).stream())
                        .filter(change -> change.name().equals(ReferralStream.NEED_CLOCK)))
                .singleElement()
                .satisfies(clock -> assertThat(clock.due()).isEqualTo(NOON.plus(Duration.ofDays(3))));
        Instant due = NOON.plus(Duration.ofDays(3));
        assertThat(when(SECOND, around -> new EscalateStep(due))).isNotEmpty();

        accept(FIRST);
        settle();
        assertThat(place(SECOND)).as("accepted is not begun").isEmpty();
        when(FIRST, around -> new BeginService(Lifecycle.Party.RECEIVER, NOON));
        settle();
        assertThat(place(SECOND)).isEqualTo(of(2));
        assertThat(next(SECOND)).isEqualTo(NextStep.ACKNOWLEDGEMENT);
    }

    @Test
    void whatComesAfterTheEndWaitsForTheEnd() {
        medicalBeforeShelter(Leg.Until.COMPLETED);
        accept(FIRST);
        when(FIRST, around -> new BeginService(Lifecycle.Party.RECEIVER, NOON));
        settle();
        assertThat(place(SECOND)).isEmpty();
        when(FIRST, around -> new CompleteReferral(Outcome.GOT_HELP, null, NOON));
        settle();
        assertThat(place(SECOND)).isEqualTo(of(2));
    }

    @Test
    void whenTheFirstFailsAPersonDecides_onceAndForGood() {
        medicalBeforeShelter(Leg.Until.BEGUN);
        accept(FIRST);
        when(FIRST, around -> new CompleteReferral(Outcome.COULD_NOT_CONTACT, null, NOON));
        settle();
        assertThat(tasks(SECOND)).containsExactly(TaskReason.OTHER_NEED_FAILED);
        assertThat(next(SECOND)).isEqualTo(NextStep.DECISION);
        assertThat(when(SECOND, around -> new RouteAgain(RoutingTrigger.DIRECTORY_CHANGED, around, NOON)))
                .isEmpty();
        when(SECOND, around -> new RouteAgain(RoutingTrigger.ASKED, around, NOON));
        assertThat(place(SECOND)).isEqualTo(of(2));
        assertThat(tasks(SECOND)).isEmpty();
        decline(SECOND);
        assertThat(tasks(SECOND)).as("the person has decided").isEmpty();
        assertThat(next(SECOND)).isEqualTo(NextStep.SERVICE);
    }

    @Test
    void aPackageThatIsCancelledEndsLegByLeg_andNothingIsOfferedMeanwhile() {
        medicalBeforeShelter(Leg.Until.BEGUN);
        when(FIRST, around -> new CancelReferral(CancellationReason.NO_LONGER_NEEDED, NOON));
        settle();
        assertThat(tasks(SECOND)).containsExactly(TaskReason.OTHER_NEED_FAILED);
        when(SECOND, around -> new CancelReferral(CancellationReason.CASE_CLOSED, NOON));
        settle();
        assertThat(state(SECOND)).isInstanceOf(Referral.Ended.class);
    }

    @Test
    void motherAndChildGoWhereThereIsRoomForBoth() {
        directory = List.of(
                lists(1, 1, ServiceType.SAFE_SHELTER, 1, 9),
                lists(2, 2, ServiceType.SAFE_SHELTER, 2, 1),
                lists(3, 3, ServiceType.SAFE_SHELTER, 3, 2));
        directory = directory.subList(1, 3);
        motherAndChild();
        assertThat(place(FIRST)).isEqualTo(of(3));
        assertThat(place(SECOND)).isEqualTo(of(3));
    }

    @Test
    void theFirstToBeStatedWaitsForTheOther() {
        directory = List.of(lists(1, 1, ServiceType.SAFE_SHELTER, 1, 2));
        need(FIRST, ServiceType.SAFE_SHELTER, List.of(), SECOND);
        need(SECOND, ServiceType.SAFE_SHELTER, List.of(), FIRST);
        stated(FIRST);
        assertThat(place(FIRST)).isEmpty();
        assertThat(next(FIRST)).isEqualTo(NextStep.OTHER_NEED);
        stated(SECOND);
        settle();
        assertThat(List.of(place(FIRST), place(SECOND))).containsOnly(of(1));
    }

    @Test
    void whenOneIsDeclinedBothMoveOn_andTheOpenOfferIsTakenBack() {
        directory = List.of(lists(1, 1, ServiceType.SAFE_SHELTER, 1, 4), lists(2, 2, ServiceType.SAFE_SHELTER, 2, 2));
        motherAndChild();
        assertThat(place(FIRST)).isEqualTo(of(1));
        decline(FIRST);
        settle();
        assertThat(List.of(place(FIRST), place(SECOND))).containsOnly(of(2));
        assertThat(past.get(SECOND))
                .filteredOn(event -> event instanceof ReferralEvent.OfferWithdrawn)
                .singleElement()
                .satisfies(event -> assertThat(((ReferralEvent.OfferWithdrawn) event).reason())
                        .isEqualTo(WithdrawalReason.MOVED_TOGETHER));
        decline(SECOND);
        settle();
        assertThat(tasks(FIRST)).containsExactly(TaskReason.NO_PLACE_TOGETHER);
        assertThat(next(SECOND)).isNotEqualTo(NextStep.ACKNOWLEDGEMENT);
    }

    @Test
    void whoWasAcceptedStays_andTheOtherBecomesAPersonsDecision_whoMayPartThem() {
        directory = List.of(lists(1, 1, ServiceType.SAFE_SHELTER, 1, 4), lists(2, 2, ServiceType.SAFE_SHELTER, 2, 2));
        motherAndChild();
        accept(FIRST);
        decline(SECOND);
        settle();
        assertThat(place(FIRST)).isEqualTo(of(1));
        assertThat(tasks(SECOND)).containsExactly(TaskReason.NO_PLACE_TOGETHER);
        when(
                SECOND,
                around -> new ChooseService(
                        service(2), ChoiceReason.APART_IS_BETTER, null, around, Lifecycle.Party.REQUESTER, NOON));
        settle();
        assertThat(place(SECOND)).isEqualTo(of(2));
        assertThat(tasks(SECOND)).isEmpty();
        assertThat(past.get(SECOND))
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                ReferralEvent.ServiceChosen.class,
                                chosen -> assertThat(chosen.setAside())
                                        .extracting(one -> one.code())
                                        .containsExactly("out.not-together")));
    }

    @Test
    void afterANoTheNextPlaceIsOneThatTakesBoth_evenWhereABetterOneTakesOne() {
        directory = List.of(
                lists(1, 11, ServiceType.SAFE_SHELTER, 1, 9),
                lists(1, 12, ServiceType.MHPSS, 1, 9),
                lists(2, 22, ServiceType.MHPSS, 2, 9),
                lists(3, 31, ServiceType.SAFE_SHELTER, 3, 1),
                lists(3, 32, ServiceType.MHPSS, 3, 1));
        need(FIRST, ServiceType.SAFE_SHELTER, List.of(), SECOND);
        need(SECOND, ServiceType.MHPSS, List.of(), FIRST);
        stated(FIRST);
        stated(SECOND);
        settle();
        assertThat(List.of(place(FIRST), place(SECOND))).containsExactly(of(11), of(12));
        decline(SECOND);
        assertThat(place(SECOND)).as("at once").isEqualTo(of(32));
        settle();
        assertThat(List.of(place(FIRST), place(SECOND))).containsExactly(of(31), of(32));
    }

    @Test
    void whatWasSaidToOneThatHasEndedBarsNoOther() {
        directory = List.of(lists(1, 1, ServiceType.SAFE_SHELTER, 1, 9));
        need(FIRST, ServiceType.SAFE_SHELTER, List.of(), SECOND, THIRD);
        need(SECOND, ServiceType.SAFE_SHELTER, List.of(), FIRST, THIRD);
        need(THIRD, ServiceType.SAFE_SHELTER, List.of(), FIRST, SECOND);
        List.of(FIRST, SECOND, THIRD).forEach(this::stated);
        settle();
        decline(FIRST);
        settle();
        assertThat(List.of(place(FIRST), place(SECOND), place(THIRD))).containsOnly("");
        when(FIRST, around -> new CancelReferral(CancellationReason.NO_LONGER_NEEDED, NOON));
        settle();
        assertThat(List.of(place(SECOND), place(THIRD))).containsOnly(of(1));
    }

    @Test
    void whereOneOnlyGotNoAnswerAndNothingElseIsThere_theOtherStaysAndBothMayStillBeTaken() {
        directory = List.of(lists(1, 1, ServiceType.SAFE_SHELTER, 1, 4));
        motherAndChild();
        expire(FIRST);
        settle();
        assertThat(place(SECOND)).isEqualTo(of(1));
        late(FIRST, 0);
        accept(SECOND);
        settle();
        assertThat(List.of(place(FIRST), place(SECOND))).containsOnly(of(1));
        assertThat(tasks(FIRST)).isEmpty();
    }

    @Test
    void aLateYesToBothIsReconciled_alsoWhereOneWasTakenBackBecauseOfTheOther_whileConsentStands() {
        directory = List.of(lists(1, 1, ServiceType.SAFE_SHELTER, 1, 4), lists(2, 2, ServiceType.SAFE_SHELTER, 2, 2));
        motherAndChild();
        expire(FIRST);
        settle();
        assertThat(List.of(place(FIRST), place(SECOND))).containsOnly(of(2));
        OfferId moved = Referral.course(state(SECOND)).offers().getFirst().id();
        assertThatThrownBy(() -> when(
                        SECOND,
                        around -> new AcceptOffer(
                                moved,
                                null,
                                new Surroundings(
                                        around.among(),
                                        World.onlyTo(2),
                                        around.circumstances(),
                                        around.legs(),
                                        around.nextOffer()),
                                NOON)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("offer-no-longer-consented"));
        late(FIRST, 0);
        late(SECOND, 0);
        settle();
        assertThat(List.of(place(FIRST), place(SECOND))).containsOnly(of(1));
    }

    @Test
    void twoThatWereAcceptedAtTwoPlacesStay_andAPersonIsToldOnce() {
        directory = List.of(lists(1, 1, ServiceType.SAFE_SHELTER, 1, 4), lists(2, 2, ServiceType.SAFE_SHELTER, 2, 2));
        motherAndChild();
        expire(FIRST);
        settle();
        accept(FIRST);
        late(SECOND, 0);
        settle();
        assertThat(List.of(place(FIRST), place(SECOND))).containsExactly(of(2), of(1));
        assertThat(tasks(FIRST)).containsExactly(TaskReason.NO_PLACE_TOGETHER);
        assertThat(past.get(FIRST))
                .filteredOn(event -> event instanceof ReferralEvent.CaseWorkerTaskRaised)
                .hasSize(1);
    }

    @Test
    void aSecondLateYesCounts_onceTheReferralWasPassedOn() {
        directory = List.of(lists(1, 1, ServiceType.LEGAL, 1, 4), lists(2, 2, ServiceType.LEGAL, 2, 2));
        need(FIRST, ServiceType.LEGAL, List.of());
        stated(FIRST);
        expire(FIRST);
        accept(FIRST);
        late(FIRST, 0);
        assertThat(place(FIRST)).isEqualTo(of(2));
        when(
                FIRST,
                around -> new ReferralCommand.TransferReferral(
                        TransferReason.OTHER, null, around, Lifecycle.Party.RECEIVER, NOON));
        assertThat(place(FIRST)).isEmpty();
        late(FIRST, 0);
        assertThat(place(FIRST)).isEqualTo(of(1));
    }

    @Test
    void onePlaceIsOneSiteOfOneOrganisation_andParallelNeedsGoTheirOwnWays() {
        directory = List.of(
                lists(1, 11, ServiceType.SAFE_SHELTER, 1, null),
                lists(1, 12, ServiceType.MHPSS, 9, null),
                lists(2, 21, ServiceType.SAFE_SHELTER, 2, null),
                lists(2, 22, ServiceType.MHPSS, 2, null),
                lists(3, 33, ServiceType.LEGAL, 3, null));
        need(FIRST, ServiceType.SAFE_SHELTER, List.of(), SECOND);
        need(SECOND, ServiceType.MHPSS, List.of(), FIRST);
        need(THIRD, ServiceType.LEGAL, List.of());
        stated(THIRD);
        assertThat(place(THIRD)).isEqualTo(of(33));
        stated(FIRST);
        stated(SECOND);
        settle();
        assertThat(place(FIRST)).isEqualTo(of(21));
        assertThat(place(SECOND)).isEqualTo(of(22));
    }

    @Test
    void nobodySetsAsideThatNothingIsFree_andAChoiceIsOnRecord() {
        directory = List.of(
                lists(1, 1, ServiceType.LEGAL, 1, 4),
                lists(2, 2, ServiceType.LEGAL, 2, 2),
                lists(3, 3, ServiceType.LEGAL, 3, 0));
        need(FIRST, ServiceType.LEGAL, List.of());
        stated(FIRST);
        Function<Integer, Function<Surroundings, ReferralCommand>> choose = number -> around -> new ChooseService(
                service(number), ChoiceReason.PERSON_ASKED, null, around, Lifecycle.Party.COORDINATOR, NOON);
        assertThatThrownBy(() -> when(FIRST, choose.apply(3)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("not-to-be-overridden"));
        assertThatThrownBy(() -> when(FIRST, choose.apply(4)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("service-not-considered"));
        when(FIRST, choose.apply(2));
        assertThat(place(FIRST)).isEqualTo(of(2));
        assertThat(when(FIRST, choose.apply(2))).isEmpty();
        assertThat(past.get(FIRST))
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                ReferralEvent.ServiceChosen.class,
                                chosen -> assertThat(chosen.setAside()).isEmpty()));
    }

    @Test
    void howeverItGoes_nobodyIsStuck_andWhoBelongsTogetherIsNeverAskedForApart() {
        long seed = Long.getLong("seed", 20_261_123L);
        int together = 0;
        for (int life = 0; life < 150; life++) {
            Random random = new Random(seed + life);
            past.clear();
            requests.clear();
            List<Candidate> listed = new ArrayList<>();
            for (int organisation = 1; organisation <= 4; organisation++) {
                listed.add(lists(organisation, organisation * 10, ServiceType.MEDICAL, organisation, null));
                listed.add(lists(
                        organisation,
                        organisation * 10 + 1,
                        ServiceType.SAFE_SHELTER,
                        organisation,
                        random.nextInt(3) == 0 ? null : (Integer) random.nextInt(4)));
            }
            directory = listed;
            List<Leg.After> after = List.of(new Leg.After(FIRST, Leg.Until.values()[random.nextInt(2)]));
            need(FIRST, ServiceType.MEDICAL, List.of());
            need(SECOND, ServiceType.SAFE_SHELTER, random.nextBoolean() ? after : List.of(), THIRD);
            need(THIRD, ServiceType.SAFE_SHELTER, random.nextBoolean() ? after : List.of(), SECOND);
            List.of(FIRST, SECOND, THIRD).forEach(this::stated);
            settle();
            for (int step = 0; step < 25; step++) {
                ReferralId id = List.of(FIRST, SECOND, THIRD).get(random.nextInt(3));
                happens(random, id);
                settle();
                List.of(FIRST, SECOND, THIRD).forEach(this::isNotStuck);
                together += areTogether() ? 1 : 0;
            }
        }
        assertThat(together).as("it was put to the test").isGreaterThan(100);
    }

    private void happens(Random random, ReferralId id) {
        List<Offer> made = Referral.course(state(id)).offers();
        OfferId offer = made.isEmpty()
                ? new OfferId(new UUID(2, 0))
                : made.get(random.nextInt(made.size())).id();
        Lifecycle.Party by = Lifecycle.Party.RECEIVER;
        Function<Surroundings, ReferralCommand> command = switch (random.nextInt(9)) {
            case 0, 1 -> around -> new AcceptOffer(offer, null, around, NOON);
            case 2, 3 -> around -> new DeclineOffer(offer, DeclineReason.OTHER, null, around, NOON);
            case 4 -> around -> new ReferralCommand.ExpireOffer(offer, around, NOON);
            case 5 -> around -> new BeginService(by, NOON);
            case 6 -> around -> new RouteAgain(RoutingTrigger.ASKED, around, NOON);
            case 7 ->
                around ->
                        new CompleteReferral(random.nextBoolean() ? Outcome.GOT_HELP : Outcome.NO_CAPACITY, null, NOON);
            default ->
                around -> random.nextInt(4) == 0
                        ? new CancelReferral(CancellationReason.NO_LONGER_NEEDED, NOON)
                        : new BeginService(by, NOON);
        };
        try {
            when(id, command);
        } catch (Refusal notNow) {
            assertThat(notNow.code()).isNotEmpty();
        }
    }

    private void isNotStuck(ReferralId id) {
        if (state(id) instanceof Referral.Ended) {
            return;
        }
        assertThat(Referral.course(state(id)).owed()).as("a next step: " + past).isNotNull();
        if (state(id) instanceof Referral.Waiting waiting) {
            assertThat(waiting.course().gap()
                            || !waiting.course().tasks().isEmpty()
                            || !waiting.course().joining().heldBy().isEmpty())
                    .as("whoever waits has a task, a gap or another need before it: " + past)
                    .isTrue();
        }
    }

    /** Of two that were accepted at two places, by a late yes, none is moved. */
    private boolean areTogether() {
        String one = holder(SECOND);
        String other = holder(THIRD);
        if (one.isEmpty()
                || other.isEmpty()
                || (state(SECOND) instanceof Referral.Accepted && state(THIRD) instanceof Referral.Accepted)) {
            return false;
        }
        assertThat(one).as("at one place: " + past).isEqualTo(other);
        return true;
    }

    private String holder(ReferralId id) {
        return switch (state(id)) {
            case Referral.Offered offered -> offered.open().organisation().toString();
            case Referral.Accepted accepted ->
                accepted.accepted().organisation().toString();
            case Referral.Unrequested none -> "";
            case Referral.Waiting none -> "";
            case Referral.Ended none -> "";
        };
    }
}
