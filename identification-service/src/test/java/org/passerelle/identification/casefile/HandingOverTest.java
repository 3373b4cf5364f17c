package org.passerelle.identification.casefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.passerelle.identification.casefile.Commands.NOW;
import static org.passerelle.identification.casefile.Commands.PERU;
import static org.passerelle.identification.casefile.Commands.TO_HAND_OVER;
import static org.passerelle.identification.casefile.Commands.handOver;
import static org.passerelle.identification.casefile.Commands.handOverId;
import static org.passerelle.identification.casefile.Commands.sending;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand.NoteAnswerFromAbroad;
import org.passerelle.identification.casefile.CaseEvent.HandOverAnswered;
import org.passerelle.identification.casefile.CaseEvent.HandOverSent;
import org.passerelle.identification.casefile.CaseEvent.HandOverStopped;
import org.passerelle.identification.casefile.CaseEvent.HandOverWithdrawn;
import org.passerelle.identification.casefile.CaseEvent.NeedStated;
import org.passerelle.identification.casefile.CaseFile.Facts;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.consenting.Scope;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.handingover.HandOver;
import org.passerelle.identification.handingover.HandOver.State;
import org.passerelle.identification.handingover.HandOver.Stop;
import org.passerelle.identification.handingover.Terms;
import org.passerelle.identification.handingover.Verdict;
import org.passerelle.identification.messages.Message;
import org.passerelle.identification.messages.Writing;
import org.passerelle.identification.needs.Need;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.Urgency;
import org.passerelle.identification.screening.Answer;

@Tag("crossborder")
class HandingOverTest {

    private final CaseDecider decider = new CaseDecider();

    private CaseFile given(CaseCommand... commands) {
        CaseFile file = decider.initial();
        for (CaseCommand command : commands) {
            file = decider.fold(file, decider.decide(command, file));
        }
        return file;
    }

    private CaseFile consented() {
        return given(Commands.detection(Answer.NO, 24), Commands.consentToHandOver());
    }

    private CaseFile requested() {
        return then(consented(), handOver(1));
    }

    private CaseFile then(CaseFile file, CaseCommand command) {
        return decider.fold(file, decider.decide(command, file));
    }

    private static State state(CaseFile file) {
        return ((CaseFile.Open) file)
                .facts()
                .handOver(handOverId(1))
                .orElseThrow()
                .state();
    }

    @Test
    void aConsentToServicesLetsNothingLeaveTheCountry() {
        CaseFile file = given(Commands.detection(Answer.NO, 24), Commands.consent());
        assertThatThrownBy(() -> decider.decide(handOver(1), file))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("hand-over-without-consent"));
    }

    @Test
    void aHandOverIsNotAgreedToInPassing() {
        Consent consent = Commands.consentToHandOver().consent();
        Consent inPassing = new Consent(
                consent.id(),
                Set.of(Scope.SERVICES, Scope.CROSS_BORDER),
                consent.recipients(),
                consent.withheldFrom(),
                null,
                consent.obtainedFrom(),
                consent.language(),
                NOW,
                consent.handOver());
        assertThatThrownBy(() -> decider.decide(
                        new CaseCommand.RecordConsent(inPassing), given(Commands.detection(Answer.NO, 24))))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.field()).isEqualTo("handOver"));
    }

    @Test
    void whatIsHandedOverIsExactlyWhatWasAgreedTo() {
        CaseCommand.RequestHandOver more = new CaseCommand.RequestHandOver(
                handOverId(1),
                PERU,
                TO_HAND_OVER,
                Set.of(Fact.IDENTITY, Fact.NEEDS, Fact.STORY),
                HandOverSent.Means.EXCHANGE,
                "file",
                NOW.plusSeconds(60),
                NOW);
        assertThatThrownBy(() -> decider.decide(more, consented())).isInstanceOf(Refusal.class);
        assertThat(decider.decide(handOver(1), consented())).hasSize(1);
    }

    /** The receiver may count a file for less long than its sender. */
    @Test
    void thatItHasExpiredThereEndsItHereOnce() {
        CaseCommand expired = new CaseCommand.NoteAnswerFromAbroad(handOverId(1), Verdict.RECEIVED, null, true, NOW);
        CaseFile sent = then(requested(), sending(1));
        assertThat(decider.decide(expired, sent))
                .containsExactly(
                        new HandOverAnswered(handOverId(1), Verdict.RECEIVED, null, NOW),
                        new HandOverStopped(handOverId(1), Stop.EXPIRED, null, NOW));
        CaseFile withdrawn = then(sent, new CaseCommand.WithdrawConsent(TO_HAND_OVER, NOW));
        assertThat(decider.decide(expired, withdrawn)).as("it is over already").isEmpty();
        CaseFile over = then(sent, expired);
        assertThat(state(over)).isEqualTo(State.STOPPED);
        assertThat(decider.decide(expired, over)).as("told again").isEmpty();
        CaseFile received = then(sent, new NoteAnswerFromAbroad(handOverId(1), Verdict.RECEIVED, null, NOW));
        assertThat(decider.decide(expired, received))
                .containsExactly(new HandOverStopped(handOverId(1), Stop.EXPIRED, null, NOW));
        CaseFile accepted = then(received, new NoteAnswerFromAbroad(handOverId(1), Verdict.ACCEPTED, null, NOW));
        assertThat(decider.decide(expired, accepted)).isEmpty();
    }

    @Test
    void onlyWhatCameToNothingIsAcknowledgedAndOnce() {
        CaseCommand note = new CaseCommand.NoteHandOverEnd(handOverId(1), NOW);
        CaseFile sent = then(requested(), sending(1));
        assertThatThrownBy(() -> decider.decide(note, sent))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("hand-over-not-ended"));
        CaseFile over = then(sent, new CaseCommand.EndHandOver(handOverId(1), Stop.EXPIRED, NOW));
        CaseFile noted = then(over, note);
        assertThat(decider.decide(note, noted)).isEmpty();
        CaseFile declined = then(noted, new NoteAnswerFromAbroad(handOverId(1), Verdict.DECLINED, null, NOW));
        assertThat(decider.decide(note, declined)).as("why is news").hasSize(1);
    }

    /** What the one country has not got is why somebody is handed over to the other. */
    @Test
    void aNeedThatNobodyHereCanMeetGoesOver() {
        Terms terms = new Terms(PERU, Set.of(Fact.NEEDS));
        Consent consent = Commands.consentToHandOver().consent();
        CaseFile gap =
                then(then(consented(), Commands.need(Urgency.URGENT)), new CaseCommand.NoteGap(Commands.NEED, NOW));
        assertThat(Writing.of(((CaseFile.Open) gap).facts(), consent, terms, NOW)
                        .needs())
                .hasSize(1);
        CaseFile cancelled = then(gap, new CaseCommand.NoteCancellation(Commands.NEED, NOW));
        assertThat(Writing.of(((CaseFile.Open) cancelled).facts(), consent, terms, NOW)
                        .needs())
                .isEmpty();
    }

    /** Without their age and sex, which nobody agreed to have told, it would be read as the person's. */
    @Test
    void aNeedOfWhoeverComesAlongIsNotTold() {
        List<CaseEvent> stated = decider.decide(Commands.need(Urgency.URGENT), consented());
        NeedStated own = (NeedStated) stated.getFirst();
        Facts facts = ((CaseFile.Open) decider.fold(consented(), stated)).facts();
        CaseFile.Open both = (CaseFile.Open) decider.fold(
                consented(),
                List.of(
                        own,
                        new NeedStated(
                                new Need(
                                                new NeedId(new UUID(7, 77)),
                                                own.need().service(),
                                                own.need().urgency(),
                                                own.need().place(),
                                                NOW,
                                                NOW,
                                                null,
                                                null,
                                                null,
                                                null)
                                        .ofSomebodyElse(),
                                own.owner(),
                                4,
                                true,
                                Sex.MASCULINE,
                                null,
                                null,
                                null)));
        assertThat(both.facts().needs()).hasSize(2);
        assertThat(told(both.facts())).isEqualTo(told(facts)).hasSize(1);
    }

    private static @Nullable List<Message.NeedPart> told(Facts facts) {
        return Writing.of(facts, Commands.consentToHandOver().consent(), new Terms(PERU, Set.of(Fact.NEEDS)), NOW)
                .needs();
    }

    @Test
    void aSecondHandOverToTheSameCountryWaitsForTheFirst() {
        assertThatThrownBy(() -> decider.decide(handOver(2), requested())).isInstanceOf(Refusal.class);
        CaseFile declined = then(requested(), new NoteAnswerFromAbroad(handOverId(1), Verdict.DECLINED, null, NOW));
        assertThat(decider.decide(handOver(2), declined)).hasSize(1);
    }

    @Test
    void itIsRecordedAsSentOnceHoweverOftenItIsTried() {
        CaseFile sent = then(requested(), sending(1));
        assertThat(state(sent)).isEqualTo(State.SENT);
        assertThat(decider.decide(sending(1), sent)).isEmpty();
    }

    @Test
    void aWithdrawalStopsWhatIsNotKnownToHaveArrived() {
        CaseCommand withdrawal = new CaseCommand.WithdrawConsent(TO_HAND_OVER, NOW);
        for (CaseFile before : List.of(requested(), then(requested(), sending(1)))) {
            CaseFile after = then(before, withdrawal);
            assertThat(state(after)).isEqualTo(State.STOPPED);
            assertThat(decider.decide(sending(1), after)).isEmpty();
        }
        assertThat(decider.decide(withdrawal, requested()))
                .as("nothing has left: there is nobody to tell")
                .noneMatch(HandOverWithdrawn.class::isInstance);
    }

    @Test
    void whoeverMayHaveItIsToldOfAWithdrawalOnceAndUntilItHears() {
        CaseCommand withdrawal = new CaseCommand.WithdrawConsent(TO_HAND_OVER, NOW);
        for (CaseFile before : List.of(
                then(requested(), sending(1)),
                then(requested(), new NoteAnswerFromAbroad(handOverId(1), Verdict.RECEIVED, null, NOW)),
                then(requested(), new NoteAnswerFromAbroad(handOverId(1), Verdict.ACCEPTED, null, NOW)))) {
            CaseFile after = then(before, withdrawal);
            assertThat(decider.decide(withdrawal, before)).contains(new HandOverWithdrawn(handOverId(1), NOW));
            assertThat(withdrawalOf(after)).isEqualTo(new HandOver.Withdrawal(NOW, null));
            assertThat(decider.decide(withdrawal, after)).isEmpty();
            CaseCommand heard = new CaseCommand.NoteWithdrawalHeard(handOverId(1), NOW.plusSeconds(9), NOW);
            CaseFile known = then(after, heard);
            assertThat(withdrawalOf(known)).isEqualTo(new HandOver.Withdrawal(NOW, NOW.plusSeconds(9)));
            assertThat(decider.decide(heard, known)).isEmpty();
            assertThat(decider.decide(heard, before)).as("nothing to hear").isEmpty();
        }
        CaseFile declined = then(requested(), new NoteAnswerFromAbroad(handOverId(1), Verdict.DECLINED, null, NOW));
        assertThat(decider.decide(withdrawal, declined))
                .as("it has nothing any more")
                .hasSize(1);
    }

    @Test
    void whatHasLeftIsTakenBackAlsoAfterItWasStopped() {
        Instant later = NOW.plus(Duration.ofDays(30));
        CaseCommand withdrawal = new CaseCommand.WithdrawConsent(TO_HAND_OVER, later);
        CaseFile sent = then(requested(), sending(1));
        CaseFile received = then(requested(), new NoteAnswerFromAbroad(handOverId(1), Verdict.RECEIVED, null, NOW));
        CaseCommand over = new CaseCommand.EndHandOver(handOverId(1), Stop.EXPIRED, NOW.plus(Duration.ofDays(7)));
        for (CaseFile ended : List.of(
                then(sent, over),
                then(received, over),
                then(sent, new CaseCommand.EndHandOver(handOverId(1), Stop.NO_ADDRESS, NOW)),
                then(sent, new CaseCommand.NoteRefusalFromAbroad(handOverId(1), "unknown", NOW)))) {
            assertThat(state(ended)).isEqualTo(State.STOPPED);
            assertThat(decider.decide(withdrawal, ended)).contains(new HandOverWithdrawn(handOverId(1), later));
        }
        assertThat(decider.decide(withdrawal, then(requested(), over)))
                .as("it never left")
                .hasSize(1);
    }

    @Test
    void whoeverWithdrewCanBeHandedOverAnew_exceptWhereACaseIsOpenThere() {
        for (Verdict verdict : List.of(Verdict.RECEIVED, Verdict.ACCEPTED)) {
            CaseFile withdrawn = given(
                    Commands.detection(Answer.NO, 24),
                    Commands.consentToHandOver(),
                    handOver(1),
                    sending(1),
                    new NoteAnswerFromAbroad(handOverId(1), verdict, null, NOW),
                    new CaseCommand.WithdrawConsent(TO_HAND_OVER, NOW));
            HandOver before =
                    ((CaseFile.Open) withdrawn).facts().handOver(handOverId(1)).orElseThrow();
            assertThat(before.underWay(NOW)).isEqualTo(verdict == Verdict.ACCEPTED);
        }
    }

    private static HandOver.@Nullable Withdrawal withdrawalOf(CaseFile file) {
        return ((CaseFile.Open) file)
                .facts()
                .handOver(handOverId(1))
                .orElseThrow()
                .withdrawal();
    }

    @Test
    void anEndedConsentOrTermStopsTheNextAttempt() {
        CaseCommand late =
                new CaseCommand.SendHandOver(handOverId(1), HandOverSent.Means.EXCHANGE, NOW.plus(Duration.ofDays(8)));
        assertThat(decider.decide(late, requested()))
                .singleElement()
                .isInstanceOfSatisfying(
                        HandOverStopped.class,
                        stopped -> assertThat(stopped.why()).isEqualTo(Stop.EXPIRED));
    }

    @Test
    void whatHasArrivedIsNotGivenOutAgainOnceTheConsentHasEnded() {
        for (Verdict verdict : Verdict.values()) {
            CaseFile answered = then(requested(), new NoteAnswerFromAbroad(handOverId(1), verdict, null, NOW));
            assertThat(decider.decide(sending(1), answered)).as("consented").isEmpty();
            CaseFile withdrawn = then(answered, new CaseCommand.WithdrawConsent(TO_HAND_OVER, NOW));
            CaseCommand late =
                    new CaseCommand.SendHandOver(handOverId(1), HandOverSent.Means.FILE, NOW.plus(Duration.ofDays(8)));
            for (var asked : List.of(List.of(sending(1), withdrawn), List.of(late, answered))) {
                assertThatThrownBy(() -> decider.decide((CaseCommand) asked.getFirst(), (CaseFile) asked.getLast()))
                        .isInstanceOfSatisfying(
                                Refusal.class,
                                refusal -> assertThat(refusal.code()).isEqualTo("hand-over-stopped"));
            }
        }
    }

    @Test
    void oneThatNobodyDecidesOnEndsAndBlocksNoOther() {
        Instant over = NOW.plus(Duration.ofDays(7));
        CaseCommand.EndHandOver end = new CaseCommand.EndHandOver(handOverId(1), Stop.EXPIRED, over);
        for (CaseFile undecided : List.of(
                requested(),
                then(requested(), sending(1)),
                then(requested(), new NoteAnswerFromAbroad(handOverId(1), Verdict.RECEIVED, null, NOW)))) {
            HandOver before =
                    ((CaseFile.Open) undecided).facts().handOver(handOverId(1)).orElseThrow();
            assertThat(before.underWay(over.minusMillis(1))).isTrue();
            assertThat(before.underWay(over))
                    .as("even before its deadline fires")
                    .isFalse();
            CaseFile ended = then(undecided, end);
            assertThat(state(ended)).isEqualTo(State.STOPPED);
            assertThat(decider.decide(end, ended)).isEmpty();
            assertThat(decider.decide(handOver(2), ended)).hasSize(1);
        }
        CaseFile accepted = then(requested(), new NoteAnswerFromAbroad(handOverId(1), Verdict.ACCEPTED, null, NOW));
        assertThat(decider.decide(end, accepted)).isEmpty();
    }

    @Test
    void onlyWhatHasNotArrivedIsStoppedForWantOfAnAddress() {
        CaseCommand.EndHandOver end = new CaseCommand.EndHandOver(handOverId(1), Stop.NO_ADDRESS, NOW);
        assertThat(state(then(requested(), end))).isEqualTo(State.STOPPED);
        CaseFile received = then(requested(), new NoteAnswerFromAbroad(handOverId(1), Verdict.RECEIVED, null, NOW));
        assertThat(decider.decide(end, received)).isEmpty();
    }

    @Test
    void itsDeadlineIsSetWithItAndTakenAwayByADecisionOnly() {
        String name = HandOver.deadline(handOverId(1));
        assertThat(HandOver.ofDeadline(name)).contains(handOverId(1));
        assertThat(deadlines(decider.decide(handOver(1), consented())))
                .containsExactly(DeadlineChange.set(name, NOW.plus(Duration.ofDays(7))));
        for (Verdict verdict : Verdict.values()) {
            assertThat(deadlines(
                            decider.decide(new NoteAnswerFromAbroad(handOverId(1), verdict, null, NOW), requested())))
                    .isEqualTo(verdict == Verdict.RECEIVED ? List.of() : List.of(DeadlineChange.cancel(name)));
        }
    }

    private static List<DeadlineChange> deadlines(List<CaseEvent> events) {
        return CaseStream.KIND
                .append(CaseStream.of(Commands.CODE), ExpectedVersion.any(), events)
                .deadlines();
    }

    @Test
    void anAnswerIsTakenNoteOfOnceAndNeverUndoneByALateReceipt() {
        NoteAnswerFromAbroad yes = new NoteAnswerFromAbroad(handOverId(1), Verdict.ACCEPTED, null, NOW);
        CaseFile accepted = then(requested(), yes);
        assertThat(state(accepted)).isEqualTo(State.ACCEPTED);
        assertThat(decider.decide(yes, accepted)).isEmpty();
        assertThat(decider.decide(new NoteAnswerFromAbroad(handOverId(1), Verdict.RECEIVED, null, NOW), accepted))
                .isEmpty();
    }

    @Test
    void anAnswerThatComesAfterTheStopIsAFactAllTheSame() {
        CaseFile stopped = then(requested(), new CaseCommand.WithdrawConsent(TO_HAND_OVER, NOW));
        assertThat(decider.decide(new NoteAnswerFromAbroad(handOverId(1), Verdict.RECEIVED, null, NOW), stopped))
                .as("and whoever has it after all is told")
                .containsExactly(
                        new HandOverAnswered(handOverId(1), Verdict.RECEIVED, null, NOW),
                        new HandOverWithdrawn(handOverId(1), NOW));
    }
}
