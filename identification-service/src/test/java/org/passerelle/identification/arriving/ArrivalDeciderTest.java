package org.passerelle.identification.arriving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.arriving.ArrivalCommand.AcceptArrival;
import org.passerelle.identification.arriving.ArrivalCommand.DeclineArrival;
import org.passerelle.identification.arriving.ArrivalCommand.EndArrival;
import org.passerelle.identification.arriving.ArrivalCommand.NoteWithdrawal;
import org.passerelle.identification.arriving.ArrivalCommand.TakeIn;
import org.passerelle.identification.arriving.ArrivalCommand.TellOfArrival;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalOverdue;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalOverdue.Told;
import org.passerelle.identification.arriving.ArrivalEvent.HandOverArrived;
import org.passerelle.identification.arriving.ArrivalEvent.HandOverArrived.AnswerClock;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseEvent.ConsentRecorded;
import org.passerelle.identification.casefile.CaseEvent.DetectionRecorded;
import org.passerelle.identification.casefile.CaseEvent.NeedStated;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.handingover.Declining;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.handingover.HandOverId;
import org.passerelle.identification.messages.Message;
import org.passerelle.identification.needs.CountryRules;
import org.passerelle.identification.needs.DutyToReport;
import org.passerelle.identification.needs.NeedClocks;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;

@Tag("crossborder")
class ArrivalDeciderTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final HandOverId ID = new HandOverId(new UUID(13, 1));
    private static final CaseCode CODE = CaseCode.numbered(4829137061L);

    private final ArrivalDecider decider = new ArrivalDecider();

    private static HandOverArrived arrived(String digest) {
        return new HandOverArrived(
                ID,
                new Country("EC"),
                digest,
                HandOverArrived.Means.EXCHANGE,
                NOW.plus(Duration.ofDays(7)),
                NOW,
                new AnswerClock(Urgency.EMERGENCY, NOW.plusSeconds(900), NOW.plusSeconds(1800)));
    }

    private Arrival waiting() {
        return decider.fold(decider.initial(), decider.decide(new TakeIn(arrived("one")), decider.initial()));
    }

    @Test
    void theSameFileAgainIsTheSameArrivalAndAnotherUnderItsIdIsRefused() {
        assertThat(decider.decide(new TakeIn(arrived("one")), waiting())).isEmpty();
        assertThatThrownBy(() -> decider.decide(new TakeIn(arrived("two")), waiting()))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.field()).isEqualTo("jti"));
    }

    private static NoteWithdrawal withdrawal(String from, @Nullable String digest) {
        return new NoteWithdrawal(ID, new Country(from), digest, NOW, NOW.plusSeconds(1));
    }

    @Test
    void afterAWithdrawalNobodyIsTakenOver() {
        for (String digest : new String[] {"one", null}) {
            List<ArrivalEvent> events = decider.decide(withdrawal("EC", digest), waiting());
            assertThat(events).hasSize(1);
            Arrival withdrawn = decider.fold(waiting(), events);
            assertThat(decider.decide(withdrawal("EC", digest), withdrawn)).isEmpty();
            for (ArrivalCommand answer :
                    List.of(new AcceptArrival(CODE, NOW), new DeclineArrival(Declining.OTHER, NOW))) {
                assertThatThrownBy(() -> decider.decide(answer, withdrawn))
                        .isInstanceOfSatisfying(
                                Refusal.class,
                                refusal -> assertThat(refusal.code()).isEqualTo("arrival-withdrawn"));
            }
        }
    }

    @Test
    void aWithdrawalAfterTheAcceptanceKeepsWhichCaseItIsAbout() {
        Arrival accepted = decider.fold(waiting(), decider.decide(new AcceptArrival(CODE, NOW), waiting()));
        Arrival withdrawn = decider.fold(accepted, decider.decide(withdrawal("EC", "one"), accepted));
        assertThat(withdrawn)
                .isInstanceOfSatisfying(
                        Arrival.Withdrawn.class,
                        one -> assertThat(one.caseCode()).isEqualTo(CODE));
    }

    @Test
    void aFileThatComesAfterItsWithdrawalIsRefused() {
        Arrival withdrawn = decider.fold(decider.initial(), decider.decide(withdrawal("EC", "one"), decider.initial()));
        assertThatThrownBy(() -> decider.decide(new TakeIn(arrived("one")), withdrawn))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("arrival-withdrawn"));
    }

    @Test
    void aStrangersWithdrawalOfAFileThatHasNotComeTakesItFromNobody() {
        Arrival strangers =
                decider.fold(decider.initial(), decider.decide(withdrawal("PE", "other"), decider.initial()));
        List<ArrivalEvent> come = decider.decide(new TakeIn(arrived("one")), strangers);
        assertThat(come).containsExactly(arrived("one"));
        assertThat(decider.fold(strangers, come))
                .isEqualTo(new Arrival.Waiting(arrived("one"), 0, NOW.plusSeconds(900)));
        Arrival both = decider.fold(strangers, decider.decide(withdrawal("EC", "one"), strangers));
        assertThat(decider.decide(withdrawal("PE", "other"), both)).as("again").isEmpty();
        assertThat(decider.decide(withdrawal("EC", "one"), both)).as("again").isEmpty();
        assertThatThrownBy(() -> decider.decide(new TakeIn(arrived("one")), both))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("arrival-withdrawn"));
    }

    @Test
    void onlyWhoeverHandedOverWithdraws() {
        for (NoteWithdrawal wrong : List.of(withdrawal("PE", "one"), withdrawal("EC", "two"))) {
            assertThatThrownBy(() -> decider.decide(wrong, waiting()))
                    .isInstanceOfSatisfying(
                            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("exchange-misdirected"));
        }
    }

    @Test
    void itIsAnsweredOnce() {
        Arrival accepted = decider.fold(waiting(), decider.decide(new AcceptArrival(CODE, NOW), waiting()));
        assertThatThrownBy(() -> decider.decide(new DeclineArrival(Declining.OTHER, NOW), accepted))
                .isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> decider.decide(new AcceptArrival(CODE, NOW), accepted))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void nobodyIsTakenOverAfterTheTermButTheSenderCanStillBeTold() {
        Instant late = NOW.plus(Duration.ofDays(8));
        assertThatThrownBy(() -> decider.decide(new AcceptArrival(CODE, late), waiting()))
                .isInstanceOf(Refusal.class);
        assertThat(decider.decide(new DeclineArrival(Declining.NO_CAPACITY, late), waiting()))
                .hasSize(1);
    }

    @Test
    void whatNobodyAnsweredWaitsNoLongerAndCanOnlyBeDeclined() {
        Instant over = NOW.plus(Duration.ofDays(7));
        Arrival expired = then(waiting(), new EndArrival(over));
        assertThat(expired).isEqualTo(new Arrival.Expired(arrived("one"), over));
        assertThat(decider.decide(new EndArrival(over), expired)).isEmpty();
        assertThat(decider.decide(new TakeIn(arrived("one")), expired)).isEmpty();
        assertThatThrownBy(() -> decider.decide(new AcceptArrival(CODE, over), expired))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("arrival-expired"));
        assertThat(then(expired, new DeclineArrival(Declining.NO_CAPACITY, over)))
                .isEqualTo(new Arrival.Declined(arrived("one"), Declining.NO_CAPACITY));
        Arrival accepted = then(waiting(), new AcceptArrival(CODE, NOW));
        assertThat(decider.decide(new EndArrival(over), accepted)).isEmpty();
    }

    @Test
    void anArrivalHasADeadlineUntilItIsAnswered() {
        assertThat(deadlines(decider.decide(new TakeIn(arrived("one")), decider.initial())))
                .containsExactly(
                        DeadlineChange.set("answer", NOW.plus(Duration.ofDays(7))),
                        DeadlineChange.set("reminder", NOW.plusSeconds(900)));
        for (ArrivalCommand over : List.of(
                new AcceptArrival(CODE, NOW),
                new DeclineArrival(Declining.OTHER, NOW),
                withdrawal("EC", "one"),
                new EndArrival(NOW.plus(Duration.ofDays(7))))) {
            assertThat(deadlines(decider.decide(over, waiting())))
                    .containsExactly(DeadlineChange.cancel("answer"), DeadlineChange.cancel("reminder"));
        }
    }

    /** Of the file's most urgent need, as of whoever is asked in this country. */
    @Test
    void theDeskIsRemindedThenItsSupervisorIsToldThenTheCoordinationAgainAndAgain() {
        List<Told> told = new ArrayList<>();
        List<Long> minutes = new ArrayList<>();
        Arrival arrival = waiting();
        for (int i = 0; i < 5; i++) {
            Instant at = ((Arrival.Waiting) arrival).nextAt();
            assertThat(decider.decide(new TellOfArrival(at.minusSeconds(1)), arrival))
                    .as("not before")
                    .isEmpty();
            List<ArrivalEvent> events = decider.decide(new TellOfArrival(at), arrival);
            ArrivalOverdue overdue = (ArrivalOverdue) events.getFirst();
            assertThat(deadlines(events)).containsExactly(DeadlineChange.set("reminder", overdue.nextAt()));
            told.add(overdue.told());
            minutes.add(Duration.between(NOW, at).toMinutes());
            arrival = decider.fold(arrival, events);
        }
        assertThat(told)
                .containsExactly(Told.DESK, Told.SUPERVISOR, Told.COORDINATOR, Told.COORDINATOR, Told.COORDINATOR);
        assertThat(minutes).containsExactly(15L, 30L, 60L, 120L, 240L);
        assertThat(decider.decide(new TellOfArrival(NOW.plus(Duration.ofDays(7))), arrival))
                .as("its time is over")
                .isEmpty();
        Arrival accepted = then(waiting(), new AcceptArrival(CODE, NOW));
        assertThat(decider.decide(new TellOfArrival(NOW.plusSeconds(1800)), accepted))
                .isEmpty();
    }

    private static AnswerClock clock(Instant until, Message.NeedPart... needs) {
        return DeskClocks.DEFAULT.start(List.of(needs), NOW, until);
    }

    private static Message.NeedPart need(Urgency urgency, Duration dueIn) {
        return new Message.NeedPart(ServiceType.SAFE_SHELTER, urgency, NOW.minus(Duration.ofDays(1)), NOW.plus(dueIn));
    }

    @Test
    void theDesksClockGoesByTheMostUrgentNeedAndEndsWithTheFirstThatIsDue() {
        Instant week = NOW.plus(Duration.ofDays(7));
        Message.NeedPart normal = need(Urgency.NORMAL, Duration.ofDays(10));
        assertThat(clock(week, normal, need(Urgency.EMERGENCY, Duration.ofHours(20))))
                .isEqualTo(new AnswerClock(Urgency.EMERGENCY, NOW.plusSeconds(900), NOW.plusSeconds(1800)));
        assertThat(clock(week, normal).remindAt()).isEqualTo(NOW.plus(Duration.ofHours(36)));
        assertThat(clock(week, need(Urgency.NORMAL, Duration.ofHours(1))).remindAt())
                .isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(clock(week, need(Urgency.EMERGENCY, Duration.ofHours(-3))).remindAt())
                .as("overdue on the way")
                .isEqualTo(NOW);
        assertThat(clock(week))
                .as("nobody knows")
                .isEqualTo(new AnswerClock(null, NOW.plus(Duration.ofHours(6)), NOW.plus(Duration.ofHours(12))));
        assertThat(clock(NOW.plusSeconds(60), normal).answerBy())
                .as("nobody can answer later")
                .isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void anArrivalFromBeforeThereWereClocksHasOne() {
        HandOverArrived before = new HandOverArrived(
                ID, new Country("EC"), "one", HandOverArrived.Means.FILE, NOW.plus(Duration.ofDays(7)), NOW, null);
        Arrival waiting = decider.fold(decider.initial(), List.of(before));
        assertThat(((Arrival.Waiting) waiting).nextAt()).isEqualTo(NOW.plus(Duration.ofHours(6)));
        assertThat(decider.decide(new TellOfArrival(NOW.plus(Duration.ofHours(6))), waiting))
                .containsExactly(new ArrivalOverdue(
                        ID, Told.DESK, NOW.plus(Duration.ofHours(12)), NOW.plus(Duration.ofHours(6))));
    }

    private static List<DeadlineChange> deadlines(List<ArrivalEvent> events) {
        return ArrivalStream.KIND
                .append(ArrivalStream.of(ID), ExpectedVersion.any(), events)
                .deadlines();
    }

    private Arrival then(Arrival arrival, ArrivalCommand command) {
        return decider.fold(arrival, decider.decide(command, arrival));
    }

    /** Whoever's age was not told is treated as a child, whom this country's law would have reported. */
    @Test
    void aNeedForThePoliceThatWasToldAcrossTheBorderIsNoReport() {
        DutyToReport.Basis law = new DutyToReport.Basis("Código 1", LocalDate.of(2026, 1, 1));
        Opening opening = new Opening(
                CODE,
                new OrganisationId(new UUID(1, 1)),
                Place.of("PE-PIU"),
                new CountryRules(
                        "PE 2026-11-1",
                        new NeedClocks(Duration.ofHours(24), Duration.ofHours(72), Duration.ofDays(14)),
                        new DutyToReport(law, law)),
                () -> new UUID(7, 1),
                NOW);
        List<CaseEvent> events = opening.events(new Message.HandingOver(
                new Message.ConsentPart(
                        Set.of(Fact.NEEDS), Consent.ObtainedFrom.PERSON, new Language("spa"), null, false),
                null,
                List.of(new Message.NeedPart(ServiceType.POLICE, Urgency.URGENT, NOW.minusSeconds(3600), NOW)),
                null));
        assertThat(events.getLast()).isInstanceOfSatisfying(NeedStated.class, stated -> {
            assertThat(stated.child()).isTrue();
            assertThat(stated.need().reportedUnder()).isNull();
            assertThat(stated.need().pack()).isEqualTo("PE 2026-11-1");
        });
    }

    @Test
    void theNewCaseHasWhatWasToldNoDecisionOfTheOthersAndNoConsentToShareHere() {
        Opening opening = new Opening(
                CODE,
                new OrganisationId(new UUID(1, 1)),
                Place.of("PE-PIU"),
                new CountryRules(
                        "PE 2026-11-1",
                        new NeedClocks(Duration.ofHours(24), Duration.ofHours(72), Duration.ofDays(14)),
                        DutyToReport.NONE),
                () -> new UUID(7, 1),
                NOW);
        List<CaseEvent> events = opening.events(new Message.HandingOver(
                new Message.ConsentPart(
                        Set.of(Fact.IDENTITY, Fact.NEEDS),
                        Consent.ObtainedFrom.PERSON,
                        new Language("spa"),
                        null,
                        true),
                new Message.PersonPart("Luz", null, null, null, null, null, null, null, null),
                List.of(new Message.NeedPart(ServiceType.SAFE_SHELTER, Urgency.URGENT, NOW.minusSeconds(3600), NOW)),
                null));
        assertThat(events).hasSize(3);
        assertThat(events.get(0)).isInstanceOfSatisfying(DetectionRecorded.class, detected -> {
            assertThat(detected.person().givenName()).isEqualTo("Luz");
            assertThat(detected.person().sex()).isEqualTo(Sex.NON_SPECIFIED_UNKNOWN);
            assertThat(detected.account()).isNull();
            assertThat(detected.found().place()).isEqualTo(Place.of("PE-PIU"));
        });
        assertThat(events.get(1)).isInstanceOfSatisfying(ConsentRecorded.class, consent -> {
            assertThat(consent.consent().recipients().any()).isFalse();
            assertThat(consent.consent().withheldFrom().authorities()).isTrue();
        });
        assertThat(events.get(2)).isInstanceOfSatisfying(NeedStated.class, need -> {
            assertThat(need.need().place()).isEqualTo(Place.of("PE-PIU"));
        });
    }

    /** What the sender's country has let pass has passed; what it had left is not made more. */
    @Test
    void theClockOfANeedGoesOnAcrossTheBorder() {
        Duration day = Duration.ofDays(1);
        assertThat(due(Urgency.EMERGENCY, day.multipliedBy(-6), day.multipliedBy(-5)))
                .as("overdue")
                .containsExactly(NOW.minus(day.multipliedBy(6)), NOW.minus(day.multipliedBy(5)));
        assertThat(due(Urgency.NORMAL, day.multipliedBy(-8), day.multipliedBy(20)))
                .as("this country promises less time")
                .containsExactly(NOW.minus(day.multipliedBy(8)), NOW.plus(day.multipliedBy(6)));
        assertThat(due(Urgency.URGENT, day.negated(), null))
                .as("a file that does not say")
                .containsExactly(NOW.minus(day), NOW.plus(day.multipliedBy(2)));
        assertThat(due(Urgency.URGENT, day, day.multipliedBy(30)))
                .as("stated in the future")
                .containsExactly(NOW, NOW.plus(day.multipliedBy(3)));
    }

    /** Since when, and by when, of a need as the new case has it. */
    private static List<Instant> due(Urgency urgency, Duration statedIn, @Nullable Duration dueIn) {
        Opening opening = new Opening(
                CODE,
                new OrganisationId(new UUID(1, 1)),
                Place.of("PE-PIU"),
                new CountryRules(
                        "PE 2026-11-1",
                        new NeedClocks(Duration.ofHours(24), Duration.ofHours(72), Duration.ofDays(14)),
                        DutyToReport.NONE),
                () -> new UUID(7, 1),
                NOW);
        NeedStated stated = (NeedStated) opening.events(new Message.HandingOver(
                        new Message.ConsentPart(
                                Set.of(Fact.NEEDS), Consent.ObtainedFrom.PERSON, new Language("spa"), null, false),
                        null,
                        List.of(new Message.NeedPart(
                                ServiceType.SAFE_SHELTER,
                                urgency,
                                NOW.plus(statedIn),
                                dueIn == null ? null : NOW.plus(dueIn))),
                        null))
                .getLast();
        return List.of(stated.need().statedAt(), stated.need().dueAt());
    }
}
