package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.passerelle.referral.referring.World.ANYBODY;
import static org.passerelle.referral.referring.World.DECIDER;
import static org.passerelle.referral.referring.World.NOON;
import static org.passerelle.referral.referring.World.around;
import static org.passerelle.referral.referring.World.offer;
import static org.passerelle.referral.referring.World.organisation;
import static org.passerelle.referral.referring.World.request;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.NextStep.Told;
import org.passerelle.referral.referring.ReferralEvent.NeedEscalated;
import org.passerelle.referral.referring.ReferralEvent.OfferExpired;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.referring.ReferralEvent.StepAwaited;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;

/** Who is told, and when, of a need that nobody serves and of a service that goes on; under clocks that fire by themselves. */
class ClimbingTest {

    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    private final List<ReferralEvent> past = new ArrayList<>();
    private final Map<String, Instant> clocks = new HashMap<>();
    private Instant now = NOON;
    private int services = 100;
    private int offers;

    private void requested(Urgency urgency, Duration clock) {
        when(new ReferralCommand.RequestReferral(request(urgency, clock), surroundings(), now));
    }

    private Surroundings surroundings() {
        return around(services, ANYBODY, ++offers);
    }

    private Referral state() {
        return DECIDER.fold(DECIDER.initial(), past);
    }

    private NextStep.Owed owed() {
        NextStep.Owed owed = Referral.course(state()).owed();
        assertThat(owed).isNotNull();
        return owed;
    }

    private void when(ReferralCommand command) {
        for (ReferralEvent event : DECIDER.decide(command, state())) {
            past.add(event);
            for (DeadlineChange change : ReferralStream.deadlines(event)) {
                if (change.due() == null) {
                    clocks.remove(change.name());
                } else {
                    clocks.put(change.name(), change.due());
                }
            }
        }
    }

    /** All clocks that ring until then do. */
    private void until(Instant end) {
        for (Map.Entry<String, Instant> next = next(); !next.getValue().isAfter(end); next = next()) {
            now = next.getValue().isBefore(now) ? now : next.getValue();
            clocks.remove(next.getKey());
            if (next.getKey().startsWith(ReferralStream.ANSWER_BY)) {
                OfferId offer = OfferId.of(next.getKey().substring(ReferralStream.ANSWER_BY.length()));
                when(new ReferralCommand.ExpireOffer(offer, surroundings(), now));
            } else if (next.getKey().equals(ReferralStream.NEED_CLOCK)) {
                when(new ReferralCommand.NoteOverdue(now));
            } else if (next.getKey().equals(ReferralStream.NEXT_STEP)) {
                when(new ReferralCommand.EscalateStep(now));
            }
        }
        now = end;
    }

    private Map.Entry<String, Instant> next() {
        return clocks.entrySet().stream()
                .min(Map.Entry.<String, Instant>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .orElse(Map.entry("", Instant.MAX));
    }

    private <E> Stream<E> seen(Class<E> type) {
        return past.stream().filter(type::isInstance).map(type::cast);
    }

    /** Who was told of the need, minutes after noon. */
    private List<String> told() {
        return seen(ReferralEvent.class)
                .flatMap(event -> switch (event) {
                    case NeedEscalated escalated -> Stream.of(at(escalated.told(), escalated.at()));
                    case StepOverdue overdue
                    when overdue.step().isTheRequesters() -> Stream.of(at(overdue.told(), overdue.at()));
                    case ReferralEvent other -> Stream.of();
                })
                .toList();
    }

    private static String at(Told told, Instant at) {
        return told.code() + " " + Duration.between(NOON, at).toMinutes();
    }

    @Test
    void manySilentOrganisationsInARowClimbLikeOne_whileEachIsRemindedOfItsOwnOffer() {
        requested(Urgency.EMERGENCY, Duration.ofHours(24));
        until(NOON.plus(Duration.ofHours(29)));
        assertThat(told())
                .containsExactly(
                        "reminder 30",
                        "supervisor 60",
                        "coordinator 120",
                        "coordinator 240",
                        "coordinator 480",
                        "coordinator 960",
                        "coordinator 1440");
        long asked = seen(ServiceOffered.class).count();
        assertThat(asked).isGreaterThan(50);
        assertThat(seen(StepOverdue.class))
                .hasSize((int) asked - 1)
                .allMatch(overdue -> overdue.step() == NextStep.ACKNOWLEDGEMENT && overdue.told() == Told.OWNER)
                .extracting(StepOverdue::of)
                .doesNotHaveDuplicates();
    }

    @Test
    void theRoadBetweenSilenceAndNobodyLeftIsOneClimb() {
        services = 2;
        requested(Urgency.EMERGENCY, Duration.ofHours(24));
        until(NOON.plus(Duration.ofHours(5)));
        assertThat(owed().step()).isEqualTo(NextStep.SERVICE);
        assertThat(told())
                .as("two expired offers, then nobody is left: nobody is told twice")
                .containsExactly("reminder 30", "supervisor 60", "reminder 90", "coordinator 120", "coordinator 240");
    }

    @Test
    void quickRefusalsClimbToo() {
        requested(Urgency.EMERGENCY, Duration.ofHours(24));
        for (int number = 1; number <= 20; number++) {
            until(now.plus(Duration.ofMinutes(10)));
            when(new ReferralCommand.DeclineOffer(offer(number), DeclineReason.NO_CAPACITY, null, surroundings(), now));
        }
        assertThat(told()).containsExactly("reminder 30", "supervisor 60", "coordinator 120");
    }

    @Test
    void whoTakesTheNeedEndsItsClimb_andItBeginsAnewWhenTheyPassItOn() {
        requested(Urgency.EMERGENCY, Duration.ofHours(24));
        until(NOON.plus(Duration.ofMinutes(65)));
        when(new ReferralCommand.AcceptOffer(offer(offers), null, surroundings(), now));
        until(NOON.plus(Duration.ofMinutes(80)));
        assertThat(told()).containsExactly("reminder 30", "supervisor 60");
        when(new ReferralCommand.TransferReferral(
                TransferReason.NO_LONGER_ABLE, null, surroundings(), Party.RECEIVER, now));
        until(NOON.plus(Duration.ofMinutes(145)));
        assertThat(told()).containsExactly("reminder 30", "supervisor 60", "reminder 110", "supervisor 140");
    }

    @Test
    void anOverdueNeedTellsSomebodyAboveAtOnce_andClimbsOn() {
        requested(Urgency.NORMAL, Duration.ofHours(1));
        until(NOON.plus(Duration.ofHours(1)));
        assertThat(told()).containsExactly("supervisor 60");
        until(NOON.plus(Duration.ofDays(21)));
        assertThat(told())
                .containsExactly(
                        "supervisor 60", "reminder 3060", "coordinator 8700", "coordinator 18780", "coordinator 28860");
    }

    @Test
    void aPauseBeforeTheFirstContactStopsNoClock_howeverOftenItIsRepeated() {
        requested(Urgency.EMERGENCY, Duration.ofHours(24));
        when(new ReferralCommand.AcceptOffer(offer(1), null, surroundings(), now));
        until(NOON.plus(Duration.ofMinutes(1)));
        hold();
        assertThat(owed().step()).isEqualTo(NextStep.RESUMPTION);
        assertThat(owed().by()).isEqualTo(NOON.plus(HALF_AN_HOUR));
        for (int minutes = 10; minutes < 150; minutes += 10) {
            until(NOON.plus(Duration.ofMinutes(minutes)));
            when(new ReferralCommand.ResumeReferral(Party.RECEIVER, now));
            hold();
        }
        assertThat(seen(StepOverdue.class).map(overdue -> at(overdue.told(), overdue.at())))
                .containsExactly("reminder 30", "supervisor 60", "coordinator 120");
        until(NOON.plus(Duration.ofHours(24)));
        assertThat(told()).as("the need's own clock rings while it is on hold").containsExactly("supervisor 1440");
        when(new ReferralCommand.NoteOverdue(now));
        assertThat(told()).as("once").hasSize(1);
    }

    @Test
    void whatIsOverdueBeforeTheFirstContactBeginsAtTheSupervisor() {
        requested(Urgency.NORMAL, Duration.ofHours(1));
        until(NOON.plus(Duration.ofHours(2)));
        when(new ReferralCommand.AcceptOffer(offer(offers), null, surroundings(), now));
        hold();
        until(NOON.plus(Duration.ofHours(2)).plus(HALF_AN_HOUR));
        assertThat(seen(StepOverdue.class).toList().getLast().told()).isEqualTo(Told.SUPERVISOR);
    }

    private void hold() {
        when(new ReferralCommand.HoldReferral(PauseReason.PERSON_ASKED, null, Party.RECEIVER, now));
    }

    @Test
    void whoDoesNotAcknowledgeIsRemindedAtHalfTime_whoDidLater_ofTheAnswer() {
        requested(Urgency.URGENT, Duration.ofHours(72));
        assertThat(owed().step()).isEqualTo(NextStep.ACKNOWLEDGEMENT);
        assertThat(owed().by()).isEqualTo(NOON.plus(Duration.ofHours(6)));
        until(NOON.plus(Duration.ofHours(1)));
        when(new ReferralCommand.AcknowledgeOffer(offer(1), now));
        assertThat(owed().step()).isEqualTo(NextStep.ANSWER);
        assertThat(owed().by()).isEqualTo(NOON.plus(Duration.ofHours(9)));
        until(NOON.plus(Duration.ofHours(11)));
        assertThat(seen(StepOverdue.class))
                .singleElement()
                .matches(overdue -> overdue.step() == NextStep.ANSWER
                        && overdue.of().equals(organisation(1))
                        && overdue.at().equals(NOON.plus(Duration.ofHours(9))));
        until(NOON.plus(Duration.ofHours(12)));
        assertThat(seen(OfferExpired.class)).hasSize(1);
        assertThat(owed().step()).as("the next one has seen nothing yet").isEqualTo(NextStep.ACKNOWLEDGEMENT);
        assertThat(owed().of()).isEqualTo(organisation(2));
    }

    @Test
    void aServiceThatGoesOnIsReported_andItsClockBeginsAnew() {
        requested(Urgency.EMERGENCY, Duration.ofHours(24));
        when(new ReferralCommand.AcceptOffer(offer(1), null, surroundings(), now));
        assertThatThrownBy(() -> report(Party.RECEIVER))
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.code()).isEqualTo("service-not-begun"));
        when(new ReferralCommand.BeginService(Party.RECEIVER, now));
        until(NOON.plus(Duration.ofDays(13)));
        report(Party.RECEIVER);
        assertThat(past.getLast()).isInstanceOf(StepAwaited.class);
        assertThat(owed())
                .isEqualTo(new NextStep.Owed(NextStep.REPORT, organisation(1), NOON.plus(Duration.ofDays(27)), 0));
        until(NOON.plus(Duration.ofDays(26)));
        report(Party.REQUESTER);
        until(NOON.plus(Duration.ofDays(39)));
        assertThat(seen(StepOverdue.class))
                .as("whoever reports is not reminded")
                .isEmpty();
        until(NOON.plus(Duration.ofDays(50)));
        assertThat(seen(StepOverdue.class).map(overdue -> overdue.told().code() + " " + days(overdue.at())))
                .containsExactly("reminder 40", "supervisor 43", "coordinator 49");
    }

    private static long days(Instant at) {
        return Duration.between(NOON, at).toDays();
    }

    private void report(Party by) {
        when(new ReferralCommand.ReportProgress(HowItGoes.AS_AGREED, null, by, now));
    }
}
