package org.passerelle.identification.arriving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
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
import org.passerelle.identification.arriving.ArrivalEvent.HandOverArrived;
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
                ID, new Country("EC"), digest, HandOverArrived.Means.EXCHANGE, NOW.plus(Duration.ofDays(7)), NOW);
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
        assertThat(decider.fold(strangers, come)).isEqualTo(new Arrival.Waiting(arrived("one")));
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
        assertThat(expired).isEqualTo(new Arrival.Expired(arrived("one")));
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
                .containsExactly(DeadlineChange.set("answer", NOW.plus(Duration.ofDays(7))));
        assertThat(deadlines(decider.decide(new AcceptArrival(CODE, NOW), waiting())))
                .containsExactly(DeadlineChange.cancel("answer"));
        assertThat(deadlines(decider.decide(new DeclineArrival(Declining.OTHER, NOW), waiting())))
                .containsExactly(DeadlineChange.cancel("answer"));
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
            assertThat(need.need().statedAt()).isEqualTo(NOW);
        });
    }
}
