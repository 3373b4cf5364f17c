package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.referring.World.DECIDER;
import static org.passerelle.referral.referring.World.NOON;
import static org.passerelle.referral.referring.World.request;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.NewEvent;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.codes.WhyAvoided;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.routing.ConsentTerms;

/** Random lives by seed; replay one with {@code -Dseed=…}. */
class ReferralPropertiesTest {

    private static final int LIVES = 300;
    private static final int STEPS = 40;

    private final long seed = Long.getLong("seed", System.nanoTime());

    private record Life(Request request, List<ReferralEvent> events) {}

    private interface Check {
        void step(List<ReferralEvent> before, ReferralCommand command, List<ReferralEvent> after, Instant now);
    }

    private void everyLife(Check check) {
        System.out.println("seed " + seed);
        for (int number = 0; number < LIVES; number++) {
            live(new Random(seed + number), check);
        }
    }

    private static Life live(Random random, Check check) {
        Urgency urgency = Urgency.values()[random.nextInt(3)];
        Request request = request(urgency, Duration.ofHours(1 + random.nextInt(200)));
        List<ReferralEvent> events = new ArrayList<>();
        Instant now = NOON;
        for (int step = 0; step < STEPS; step++) {
            now = now.plus(Duration.ofMinutes(random.nextInt(300)));
            ReferralCommand command = step == 0
                    ? new ReferralCommand.RequestReferral(request, surroundings(random, step), now)
                    : command(random, events, step, now);
            List<ReferralEvent> decided;
            try {
                decided = DECIDER.decide(command, DECIDER.fold(DECIDER.initial(), events));
            } catch (Refusal refused) {
                decided = List.of();
            }
            List<ReferralEvent> before = List.copyOf(events);
            events.addAll(decided);
            check.step(before, command, decided, now);
        }
        return new Life(request, events);
    }

    private static Surroundings surroundings(Random random, int step) {
        ConsentTerms consent = switch (random.nextInt(4)) {
            case 0 -> ConsentTerms.NONE;
            case 1 -> World.onlyTo(1 + random.nextInt(6), 1 + random.nextInt(6));
            default -> World.ANYBODY;
        };
        Surroundings around = World.around(random.nextInt(7), consent, step + 1);
        return random.nextInt(4) > 0
                ? around
                : World.avoiding(
                        around,
                        Map.of(
                                World.organisation(1 + random.nextInt(6)),
                                WhyAvoided.values()[random.nextInt(WhyAvoided.values().length)]),
                        random.nextInt(6) == 0 ? "BI-BM" : "BI-GI");
    }

    private static ReferralCommand command(Random random, List<ReferralEvent> events, int step, Instant now) {
        List<ServiceOffered> offers = events.stream()
                .filter(event -> event instanceof ServiceOffered)
                .map(event -> (ServiceOffered) event)
                .toList();
        var offer = offers.isEmpty() || random.nextInt(10) == 0
                ? World.offer(1000)
                : offers.get(random.nextBoolean() ? offers.size() - 1 : random.nextInt(offers.size()))
                        .offer();
        Surroundings around = surroundings(random, step);
        Lifecycle.Party by = Lifecycle.Party.values()[random.nextInt(4)];
        String account = "account " + random.nextInt(3);
        return switch (random.nextInt(25)) {
            case 0, 1, 2, 3 -> new ReferralCommand.ExpireOffer(offer, around, now);
            case 4, 5, 6 -> new ReferralCommand.DeclineOffer(offer, DeclineReason.OTHER, null, around, now);
            case 7, 8 -> new ReferralCommand.RouteAgain(RoutingTrigger.CONSENT_CHANGED, around, now);
            case 9 -> new ReferralCommand.AcceptOffer(offer, null, around, now);
            case 10 -> new ReferralCommand.NoteOverdue(now);
            case 11 -> new ReferralCommand.AcknowledgeOffer(offer, now);
            case 12 ->
                new ReferralCommand.ClaimReferral(
                        account,
                        ClaimReason.values()[random.nextInt(4)],
                        "account " + random.nextInt(3),
                        holder(random, events),
                        now);
            case 13 ->
                random.nextBoolean()
                        ? new ReferralCommand.ReturnClaim(
                                account, ClaimReason.RETURNED, holder(random, events), by, now)
                        : new ReferralCommand.CoverClaim(
                                account, "account " + random.nextInt(3), holder(random, events), now);
            case 14 -> new ReferralCommand.BeginService(by, now);
            case 15 -> new ReferralCommand.HoldReferral(PauseReason.OTHER, null, by, now);
            case 16 -> new ReferralCommand.ResumeReferral(by, now);
            case 19 -> new ReferralCommand.ReportProgress(HowItGoes.AS_AGREED, null, by, now);
            case 17, 18 -> new ReferralCommand.EscalateStep(now);
            case 20 -> new ReferralCommand.EscalateDecision(now);
            case 21 -> new ReferralCommand.ReviewPlacement(null, now);
            case 22 -> new ReferralCommand.ReleaseLate(offer, Party.REQUESTER, now);
            case 23 -> new ReferralCommand.RouteAgain(RoutingTrigger.CIRCUMSTANCES_CHANGED, around, now);
            default ->
                random.nextInt(3) == 0
                        ? random.nextBoolean()
                                ? new ReferralCommand.CancelReferral(CancellationReason.OTHER, now)
                                : random.nextBoolean()
                                        ? new ReferralCommand.TransferReferral(
                                                TransferReason.OTHER, null, around, Lifecycle.Party.RECEIVER, now)
                                        : new ReferralCommand.CompleteReferral(Outcome.GOT_HELP, null, now)
                        : new ReferralCommand.RouteAgain(RoutingTrigger.ASKED, around, now);
        };
    }

    /** Mostly whoever was offered the need last. */
    private static OrganisationId holder(Random random, List<ReferralEvent> events) {
        return random.nextInt(5) == 0
                ? World.organisation(1 + random.nextInt(6))
                : events.reversed().stream()
                        .filter(event -> event instanceof ServiceOffered)
                        .map(event -> ((ServiceOffered) event).organisation())
                        .findFirst()
                        .orElse(World.organisation(1));
    }

    @Test
    void replayInAnySplitGivesTheSameState() {
        System.out.println("seed " + seed);
        for (int number = 0; number < LIVES; number++) {
            Random random = new Random(seed + number);
            List<ReferralEvent> events =
                    live(random, (before, command, after, now) -> {}).events();
            int cut = random.nextInt(events.size() + 1);
            Referral half = DECIDER.fold(DECIDER.initial(), events.subList(0, cut));
            assertThat(DECIDER.fold(half, events.subList(cut, events.size())))
                    .isEqualTo(DECIDER.fold(DECIDER.initial(), events));
        }
    }

    @Test
    void repeatingACommandAddsNothing() {
        everyLife((before, command, after, now) -> {
            List<ReferralEvent> all = new ArrayList<>(before);
            all.addAll(after);
            if (command instanceof ReferralCommand.RouteAgain) {
                // with the same surroundings; the offer made by the first one stands
                assertThat(decideOrRefuse(command, all)).isEmpty();
                return;
            }
            assertThat(decideOrRefuse(command, all)).isEmpty();
        });
    }

    private static List<ReferralEvent> decideOrRefuse(ReferralCommand command, List<ReferralEvent> past) {
        try {
            return DECIDER.decide(command, DECIDER.fold(DECIDER.initial(), past));
        } catch (Refusal refused) {
            return List.of();
        }
    }

    @Test
    void everyEventRoundTripsThroughItsStoredBytes() {
        EventTypes<ReferralEvent> types = ReferralStream.TYPES;
        everyLife((before, command, after, now) -> {
            for (ReferralEvent event : after) {
                NewEvent stored = types.encode(event);
                assertThat(types.decode(stored.type(), stored.schemaVersion(), stored.data()))
                        .isEqualTo(event);
            }
        });
    }

    /** No referral is ever without an owner, a clock and a next step. */
    @Test
    void aLivingReferralAlwaysHasANextStep() {
        everyLife((before, command, after, now) -> {
            List<ReferralEvent> all = new ArrayList<>(before);
            all.addAll(after);
            Referral state = DECIDER.fold(DECIDER.initial(), all);
            switch (state) {
                case Referral.Unrequested none -> throw new AssertionError("requested first");
                case Referral.Waiting waiting ->
                    assertThat(waiting.course().gap()
                                    || waiting.course().tasks().contains(TaskReason.NO_CONSENT)
                                    || waiting.course().tasks().contains(TaskReason.NO_CONSENTED_RECIPIENT))
                            .as("whoever waits has a task or a gap: " + all)
                            .isTrue();
                case Referral.Offered offered ->
                    assertThat(deadlines(all))
                            .contains(ReferralStream.ANSWER_BY + offered.open().id());
                case Referral.Accepted accepted -> assertThat(deadlines(all)).contains(ReferralStream.NEXT_STEP);
                case Referral.Ended ended ->
                    assertThat(deadlines(all)).isSubsetOf(ReferralStream.CLAIMANT, ReferralStream.DECISION);
            }
            Referral.Course course = Referral.course(state);
            boolean decides = course.tasks().contains(TaskReason.PLACEMENT_TO_REVIEW)
                    || course.offers().stream().anyMatch(offer -> offer.standing() == Offer.Standing.LATE);
            assertThat(course.deciding() != null)
                    .as("whether the requester decides something beside")
                    .isEqualTo(decides);
            assertThat(deadlines(all).contains(ReferralStream.DECISION))
                    .as("its clock")
                    .isEqualTo(decides);
        });
    }

    private static Set<String> deadlines(List<ReferralEvent> events) {
        Set<String> set = new java.util.HashSet<>();
        for (ReferralEvent event : events) {
            if (event instanceof ReferralEvent.OfferExpired expired) {
                set.remove(ReferralStream.ANSWER_BY + expired.offer());
            }
            for (DeadlineChange change : ReferralStream.deadlines(event)) {
                if (change.due() == null) {
                    set.remove(change.name());
                } else {
                    set.add(change.name());
                }
            }
        }
        return set;
    }

    @Test
    void nobodyIsOfferedWithoutConsent_norTwice() {
        everyLife((before, command, after, now) -> {
            for (ReferralEvent event : after) {
                if (event instanceof ServiceOffered offered) {
                    Surroundings around = around(command);
                    assertThat(around.consent().any()
                                    || around.consent().recipients().contains(offered.organisation()))
                            .isTrue();
                    assertThat(offered.answerBy()).isAfter(now);
                    assertThat(before.stream()
                                    .filter(past -> past instanceof ReferralEvent.OfferDeclined declined
                                            && declined.organisation().equals(offered.organisation()))
                                    .toList())
                            .isEmpty();
                }
            }
        });
    }

    private static Surroundings around(ReferralCommand command) {
        return switch (command) {
            case ReferralCommand.RequestReferral c -> c.around();
            case ReferralCommand.RouteAgain c -> c.around();
            case ReferralCommand.ChooseService c -> c.around();
            case ReferralCommand.AcceptOffer c -> c.around();
            case ReferralCommand.DeclineOffer c -> c.around();
            case ReferralCommand.ReleaseLate c -> throw new AssertionError("offers nothing");
            case ReferralCommand.ExpireOffer c -> c.around();
            case ReferralCommand.NoteOverdue c -> throw new AssertionError("offers nothing");
            case ReferralCommand.AcknowledgeOffer c -> throw new AssertionError("offers nothing");
            case ReferralCommand.ClaimReferral c -> throw new AssertionError("offers nothing");
            case ReferralCommand.CoverClaim c -> throw new AssertionError("offers nothing");
            case ReferralCommand.ReturnClaim c -> throw new AssertionError("offers nothing");
            case ReferralCommand.BeginService c -> throw new AssertionError("offers nothing");
            case ReferralCommand.HoldReferral c -> throw new AssertionError("offers nothing");
            case ReferralCommand.ReportProgress c -> throw new AssertionError("offers nothing");
            case ReferralCommand.ResumeReferral c -> throw new AssertionError("offers nothing");
            case ReferralCommand.EscalateStep c -> throw new AssertionError("offers nothing");
            case ReferralCommand.EscalateDecision c -> throw new AssertionError("offers nothing");
            case ReferralCommand.ReviewPlacement c -> throw new AssertionError("offers nothing");
            case ReferralCommand.IssueLink c -> throw new AssertionError("offers nothing");
            case ReferralCommand.OpenLink c -> throw new AssertionError("offers nothing");
            case ReferralCommand.ActByLink c -> around(c.act());
            case ReferralCommand.RevokeLink c -> throw new AssertionError("offers nothing");
            case ReferralCommand.TransferReferral c -> c.around();
            case ReferralCommand.CompleteReferral c -> throw new AssertionError("offers nothing");
            case ReferralCommand.CancelReferral c -> throw new AssertionError("offers nothing");
        };
    }
}
