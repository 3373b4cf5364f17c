package org.passerelle.identification.casefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.passerelle.identification.casefile.Commands.CLINIC;
import static org.passerelle.identification.casefile.Commands.CODE;
import static org.passerelle.identification.casefile.Commands.CONSENT;
import static org.passerelle.identification.casefile.Commands.NEED;
import static org.passerelle.identification.casefile.Commands.NOW;
import static org.passerelle.identification.casefile.Commands.OWNER;
import static org.passerelle.identification.casefile.Commands.SHELTER;
import static org.passerelle.identification.casefile.Commands.closing;
import static org.passerelle.identification.casefile.Commands.consent;
import static org.passerelle.identification.casefile.Commands.detection;
import static org.passerelle.identification.casefile.Commands.need;
import static org.passerelle.identification.casefile.Commands.screening;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand.CloseCase;
import org.passerelle.identification.casefile.CaseCommand.NoteAcceptance;
import org.passerelle.identification.casefile.CaseCommand.NoteCompletion;
import org.passerelle.identification.casefile.CaseCommand.NoteGap;
import org.passerelle.identification.casefile.CaseCommand.NoteOffer;
import org.passerelle.identification.casefile.CaseCommand.NoteOfferEnded;
import org.passerelle.identification.casefile.CaseCommand.RecordDetection;
import org.passerelle.identification.casefile.CaseCommand.StateNeed;
import org.passerelle.identification.casefile.CaseCommand.WithdrawConsent;
import org.passerelle.identification.casefile.CaseEvent.CaseClosed;
import org.passerelle.identification.casefile.CaseEvent.ConsentWithdrawn;
import org.passerelle.identification.casefile.CaseEvent.NeedReopened;
import org.passerelle.identification.casefile.CaseEvent.NeedSettled;
import org.passerelle.identification.casefile.CaseEvent.NeedStated;
import org.passerelle.identification.casefile.CaseEvent.ProviderReleased;
import org.passerelle.identification.casefile.CaseEvent.ScreeningRecorded;
import org.passerelle.identification.casefile.CaseEvent.UrgentRisksRaised;
import org.passerelle.identification.closing.ClosingReason;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.consenting.ConsentId;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.erasing.ErasureReason;
import org.passerelle.identification.erasing.HoldId;
import org.passerelle.identification.needs.Accompanying;
import org.passerelle.identification.needs.CountryRules;
import org.passerelle.identification.needs.DutyToReport;
import org.passerelle.identification.needs.Leg;
import org.passerelle.identification.needs.Need;
import org.passerelle.identification.needs.Need.Settlement;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.PackageId;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;
import org.passerelle.identification.providing.Provision.Standing;
import org.passerelle.identification.screening.Answer;
import org.passerelle.identification.screening.UrgentRisk;

class CaseDeciderTest {

    private final CaseDecider decider = new CaseDecider();

    @Test
    void aDetectionOpensTheCaseOfItsOwner() {
        CaseFile.Facts facts = facts(given(detection()));
        assertThat(facts.detection().owner()).isEqualTo(OWNER);
        assertThat(facts.urgentRisks()).isEmpty();
    }

    @Test
    void immediateDangerIsRaisedAtOnce() {
        List<CaseEvent> events = decider.decide(detection(Answer.YES, 24), decider.initial());
        assertThat(events).hasSize(2);
        assertThat(events.get(1))
                .isInstanceOfSatisfying(
                        UrgentRisksRaised.class,
                        raised -> assertThat(raised.risks()).containsExactly(UrgentRisk.IMMEDIATE_DANGER));
    }

    @Test
    void nobodyIsFoundInTheFuture() {
        RecordDetection command = detection();
        RecordDetection early = new RecordDetection(
                CODE,
                OWNER,
                command.found(),
                command.person(),
                Answer.NO,
                null,
                command.found().at().minus(CaseDecider.CLOCK_SKEW).minusSeconds(1));
        refused(early, decider.initial(), "found-in-the-future", "found.at");
    }

    @Test
    void aTakenCodeIsRefusedToAnotherPerson() {
        refused(detection(Answer.NO, 30), given(detection()), "case-code-taken", null);
    }

    @Test
    void nothingIsRecordedForACaseNobodyRecorded() {
        refused(consent(), decider.initial(), "case-unknown", null);
        refused(need(Urgency.URGENT), decider.initial(), "case-unknown", null);
        refused(screening(Map.of()), decider.initial(), "case-unknown", null);
        refused(closing(ClosingReason.OTHER), decider.initial(), "case-unknown", null);
    }

    @Test
    void aConsentCannotEndBeforeItBegins() {
        refused(consent(CONSENT, NOW, Set.of()), given(detection()), "consent-already-over", "validUntil");
    }

    @Test
    void aCaseCannotBeWithheldFromItsOwner() {
        refused(
                consent(CONSENT, null, Set.of(OWNER)),
                given(detection()),
                "owner-cannot-be-withheld-from",
                "withheldFrom.organisations");
    }

    @Test
    void aConsentIsWithdrawnOnceAndEvenAfterClosing() {
        CaseFile closed = given(detection(), consent(), closing(ClosingReason.LOST_CONTACT));
        List<CaseEvent> events = decider.decide(new WithdrawConsent(CONSENT, NOW), closed);
        assertThat(events).containsExactly(new ConsentWithdrawn(CONSENT, NOW));
        assertThat(decider.decide(new WithdrawConsent(CONSENT, NOW), decider.fold(closed, events)))
                .isEmpty();
        refused(new WithdrawConsent(new ConsentId(new UUID(8, 99)), NOW), closed, "consent-unknown", "consentId");
    }

    @Test
    void aNeedCanBeStatedBeforeAnyScreening() {
        assertThat(decider.decide(need(Urgency.EMERGENCY), given(detection())))
                .singleElement()
                .isInstanceOfSatisfying(NeedStated.class, stated -> {
                    assertThat(stated.owner()).isEqualTo(OWNER);
                    assertThat(stated.age()).isEqualTo(24);
                    assertThat(stated.languages()).as("nobody asked for one").isNull();
                    assertThat(stated.child()).isFalse();
                });
    }

    @Test
    void aPackageStatesAllItsNeedsOnce_eachWithItsOwnClock_andSomebodyElsesAge() {
        NeedId clinic = new NeedId(new UUID(7, 50));
        NeedId child = new NeedId(new UUID(7, 51));
        CaseCommand both = packageOf(
                leg(clinic, null, List.of(), List.of(child)),
                leg(child, new Accompanying(4, Sex.MASCULINE), after(clinic), List.of(clinic)));
        List<CaseEvent> events = decider.decide(both, given(detection()));
        assertThat(events).hasSize(2);
        NeedStated second = (NeedStated) events.getLast();
        assertThat(List.of(second.child(), second.age(), second.sex())).isEqualTo(List.of(true, 4, Sex.MASCULINE));
        assertThat(events.stream().map(event -> ((NeedStated) event).need().ofThePerson()))
                .containsExactly(true, false);
        assertThat(second.need().dueAt()).isEqualTo(NOW.plus(Duration.ofHours(72)));
        assertThat(second.leg()).isEqualTo(new Leg(new PackageId(new UUID(6, 1)), after(clinic), List.of(clinic)));
        assertThat(decider.decide(both, decider.fold(given(detection()), events)))
                .isEmpty();
        refused(
                packageOf(leg(clinic, null, after(child), List.of()), leg(child, null, after(clinic), List.of())),
                given(detection()),
                "package-waits-for-itself",
                "legs");
        List<Leg.After> completed = List.of(new Leg.After(clinic, Leg.Until.COMPLETED));
        for (List<NeedId> here : List.of(List.of(clinic), List.<NeedId>of())) {
            List<NeedId> there = here.isEmpty() ? List.of(child) : List.of();
            refused(
                    packageOf(leg(clinic, null, List.of(), there), leg(child, null, completed, here)),
                    given(detection()),
                    "package-together-with-completed",
                    "legs");
        }
    }

    @Test
    void theLawHasAChildReportedWhoIsThePersonOfTheCase_notOneWhoComesAlong() {
        CountryRules minors = new CountryRules(
                "EC 2026-11-1",
                Commands.COUNTRY.clocks(),
                new DutyToReport(new DutyToReport.Basis("Ley inventada", LocalDate.of(2027, 1, 1)), null));
        assertThat(reported(15, null, minors)).isEqualTo("Ley inventada (2027-01-01)");
        assertThat(reported(30, new Accompanying(4, Sex.MASCULINE), minors)).isNull();
        assertThat(reported(15, new Accompanying(4, Sex.MASCULINE), minors)).isNull();
    }

    private @Nullable String reported(int age, @Nullable Accompanying accompanying, CountryRules country) {
        StateNeed need = new StateNeed(
                new NeedId(new UUID(7, 52)),
                ServiceType.POLICE,
                Urgency.URGENT,
                Place.of("EC-P"),
                null,
                null,
                accompanying,
                null,
                country,
                NOW);
        List<CaseEvent> events = decider.decide(need, given(detection(Answer.NO, age)));
        return ((NeedStated) events.getFirst()).need().reportedUnder();
    }

    private static CaseCommand packageOf(StateNeed... legs) {
        return new CaseCommand.StatePackage(List.of(legs), NOW);
    }

    private static List<Leg.After> after(NeedId need) {
        return List.of(new Leg.After(need, Leg.Until.BEGUN));
    }

    private static StateNeed leg(
            NeedId id, @Nullable Accompanying accompanying, List<Leg.After> after, List<NeedId> together) {
        return new StateNeed(
                id,
                ServiceType.SAFE_SHELTER,
                Urgency.URGENT,
                Place.of("BI-BM"),
                null,
                null,
                accompanying,
                new Leg(new PackageId(new UUID(6, 1)), after, together),
                Commands.COUNTRY,
                NOW);
    }

    @Test
    void theClockCountsFromWhenTheNeedWasStated() {
        Map.of(
                        Urgency.EMERGENCY, Duration.ofHours(24),
                        Urgency.URGENT, Duration.ofHours(72),
                        Urgency.NORMAL, Duration.ofDays(14))
                .forEach((urgency, time) -> assertThat(
                                theNeed(given(detection(), need(urgency))).dueAt())
                        .isEqualTo(NOW.plus(time)));
    }

    @Test
    void whoseAgeNobodyKnowsIsRoutedAsAChild() {
        assertThat(decider.decide(need(Urgency.URGENT), given(detection(Answer.NO, null))))
                .singleElement()
                .isInstanceOfSatisfying(NeedStated.class, stated -> {
                    assertThat(stated.age()).isNull();
                    assertThat(stated.child()).isTrue();
                });
    }

    @Test
    @Tag("screening")
    void aScreeningKeepsEveryAnswerAndWhatFollowsFromThem() {
        List<CaseEvent> events = decider.decide(screening(Map.of("RISK_SUICIDE", Answer.YES)), given(detection()));
        assertThat(events.getFirst()).isInstanceOfSatisfying(ScreeningRecorded.class, screening -> {
            assertThat(screening.answers().keySet()).isEqualTo(Commands.INSTRUMENT.questionCodes());
            assertThat(screening.answers()).containsEntry("ACT_RECEIPT", Answer.UNKNOWN);
            assertThat(screening.instrumentVersion()).isEqualTo(1);
        });
        assertThat(events.get(1))
                .isInstanceOfSatisfying(
                        UrgentRisksRaised.class,
                        raised -> assertThat(raised.risks()).containsExactly(UrgentRisk.SUICIDAL));
    }

    @Test
    @Tag("screening")
    void aQuestionTheInstrumentDoesNotHaveIsRefused() {
        refused(
                screening(Map.of("ACT_SOMETHING", Answer.YES)),
                given(detection()),
                "question-unknown",
                "answers.ACT_SOMETHING");
    }

    @Test
    void aCaseWithAnOpenNeedDoesNotClose() {
        refused(
                closing(ClosingReason.PLAN_COMPLETED),
                given(detection(), need(Urgency.NORMAL)),
                "needs-unsettled",
                null);
    }

    @Test
    void aCaseClosesWhenEveryNeedIsSettled() {
        CaseFile file = given(
                detection(),
                need(Urgency.NORMAL),
                new NoteAcceptance(NEED, SHELTER, NOW),
                new NoteCompletion(NEED, SHELTER, NOW));
        assertThat(decider.decide(closing(ClosingReason.PLAN_COMPLETED), file))
                .containsExactly(new CaseClosed(ClosingReason.PLAN_COMPLETED, NOW));
        assertThat(standing(file, SHELTER)).isEqualTo(Standing.HAS_PROVIDED);
    }

    @Test
    void aCaseWithANeedThatNobodyCouldMeetClosesOnceItsReferralIsCancelled() {
        CaseFile gap = given(detection(), need(Urgency.NORMAL), new NoteGap(NEED, NOW));
        assertThatThrownBy(() -> decider.decide(closing(ClosingReason.PLAN_COMPLETED), gap))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo("needs-unsettled");
                    assertThat(refusal.args())
                            .as("which")
                            .containsExactly(1, theNeed(gap).service() + " (" + NEED + ")");
                });
        CaseFile cancelled = then(gap, new CaseCommand.NoteCancellation(NEED, NOW));
        assertThat(theNeed(cancelled).settled()).isEqualTo(Settlement.CANCELLED);
        assertThat(decider.decide(closing(ClosingReason.PLAN_COMPLETED), cancelled))
                .containsExactly(new CaseClosed(ClosingReason.PLAN_COMPLETED, NOW));
    }

    @Test
    void onlyWhoIsAuthorisedDecidesThatSomebodyIsNotAVictim() {
        refused(closing(ClosingReason.NOT_A_VICTIM), given(detection()), "not-yours-to-decide", "reason");
        assertThat(decider.decide(new CloseCase(ClosingReason.NOT_A_VICTIM, true, NOW), given(detection())))
                .hasSize(1);
    }

    @Test
    void aClosedCaseTakesNothingNew() {
        CaseFile closed = given(detection(), closing(ClosingReason.DUPLICATE));
        refused(need(Urgency.URGENT), closed, "case-closed", null);
        refused(consent(), closed, "case-closed", null);
        refused(closing(ClosingReason.OTHER), closed, "case-closed", null);
        assertThat(decider.decide(closing(ClosingReason.DUPLICATE), closed)).isEmpty();
    }

    @Test
    void theRelationOfAProviderFollowsItsReferral() {
        CaseFile offered = given(detection(), need(Urgency.URGENT), new NoteOffer(NEED, SHELTER, NOW));
        assertThat(standing(offered, SHELTER)).isEqualTo(Standing.OFFERED);

        CaseFile declined = then(offered, new NoteOfferEnded(NEED, SHELTER, NOW));
        assertThat(facts(declined).provisions().all()).isEmpty();

        CaseFile providing = then(declined, new NoteOffer(NEED, CLINIC, NOW), new NoteAcceptance(NEED, CLINIC, NOW));
        assertThat(facts(providing).provisions().providedBy(CLINIC)).containsExactly(NEED);

        CaseFile withdrawn = then(providing, new NoteOfferEnded(NEED, CLINIC, NOW));
        assertThat(facts(withdrawn).provisions().providedBy(CLINIC)).isEmpty();
        assertThat(standing(withdrawn, CLINIC)).isEqualTo(Standing.HAS_PROVIDED);
    }

    @Test
    void aLateAcceptanceIsReconciledAndNotRefused() {
        CaseFile expired = given(
                detection(),
                need(Urgency.URGENT),
                new NoteOffer(NEED, SHELTER, NOW),
                new NoteOfferEnded(NEED, SHELTER, NOW),
                new NoteGap(NEED, NOW));
        assertThat(theNeed(expired).settled()).isEqualTo(Settlement.GAP);
        Instant due = theNeed(expired).dueAt();

        Instant later = NOW.plusSeconds(3600);
        List<CaseEvent> events = decider.decide(new NoteAcceptance(NEED, SHELTER, later), expired);
        assertThat(events.getFirst()).isEqualTo(new NeedReopened(NEED, later));
        CaseFile after = decider.fold(expired, events);
        assertThat(theNeed(after).settled()).isNull();
        assertThat(theNeed(after).dueAt()).isEqualTo(due);
    }

    @Test
    void whenAReferralEndsEverybodysAccessForThatNeedEnds() {
        CaseFile file = given(
                detection(),
                need(Urgency.URGENT),
                new NoteOffer(NEED, SHELTER, NOW),
                new NoteAcceptance(NEED, CLINIC, NOW));
        assertThat(decider.decide(new CaseCommand.NoteCancellation(NEED, NOW), file))
                .containsExactlyInAnyOrder(
                        new ProviderReleased(NEED, SHELTER, NOW),
                        new ProviderReleased(NEED, CLINIC, NOW),
                        new NeedSettled(NEED, Settlement.CANCELLED, NOW));
    }

    @Test
    void newsOfANeedThatIsNotOfThisCaseIsRefused() {
        refused(new NoteGap(NEED, NOW), given(detection()), "need-unknown", null);
    }

    @Test
    void evenWhatArrivesAfterClosingChangesTheRelation() {
        CaseFile closed = given(
                detection(),
                need(Urgency.URGENT),
                new CaseCommand.NoteCancellation(NEED, NOW),
                closing(ClosingReason.LOST_CONTACT),
                new NoteAcceptance(NEED, SHELTER, NOW));
        assertThat(closed).isInstanceOf(CaseFile.Closed.class);
        assertThat(standing(closed, SHELTER)).isEqualTo(Standing.PROVIDING);
    }

    @Test
    void erasureNeedsAClosedCaseASecondPersonAndNoHold() {
        refused(Commands.erasure(), given(detection()), "erasure-needs-closed-case", null);
        CaseFile closed = given(detection(), closing(ClosingReason.CLIENT_REQUEST));
        refused(Commands.approval(Commands.SUPERVISOR), closed, "erasure-not-requested", null);
        CaseFile requested = then(closed, Commands.erasure());
        refused(Commands.approval(Commands.WORKER), requested, "second-person-needed", null);
        refused(Commands.approval(Commands.SUPERVISOR), then(requested, Commands.hold()), "legal-hold", null);

        CaseFile erased = then(requested, Commands.hold(), Commands.lifting(), Commands.approval(Commands.SUPERVISOR));
        assertThat(facts(erased).erasure().done()).isNotNull();
        assertThat(decider.decide(Commands.approval(Commands.SUPERVISOR), erased))
                .isEmpty();
        assertThat(decider.decide(Commands.erasure(), erased)).isEmpty();
        CaseCommand tooLate =
                new CaseCommand.PlaceHold(new HoldId(new UUID(10, 2)), "tribunal", Commands.SUPERVISOR, NOW);
        refused(tooLate, erased, "person-erased", null);
    }

    @Test
    void whatWasRefusedCanBeAskedAgainButNotForTwoReasonsAtOnce() {
        CaseFile requested = given(detection(), closing(ClosingReason.CLIENT_REQUEST), Commands.erasure());
        CaseCommand other =
                new CaseCommand.RequestErasure(ErasureReason.COURT_ORDER, "Tribunal de Gitega", Commands.WORKER, NOW);
        refused(other, requested, "erasure-already-requested", null);

        CaseFile again = then(requested, new CaseCommand.RefuseErasure(Commands.SUPERVISOR, NOW), other);
        assertThat(facts(again).erasure().request())
                .isNotNull()
                .satisfies(request -> assertThat(request.reason()).isEqualTo(ErasureReason.COURT_ORDER));
    }

    private CaseFile given(CaseCommand... commands) {
        return then(decider.initial(), commands);
    }

    private CaseFile then(CaseFile file, CaseCommand... commands) {
        CaseFile state = file;
        for (CaseCommand command : commands) {
            state = decider.fold(state, decider.decide(command, state));
        }
        return state;
    }

    private void refused(CaseCommand command, CaseFile file, String code, @Nullable String field) {
        assertThatThrownBy(() -> decider.decide(command, file)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal.field()).isEqualTo(field);
        });
    }

    private static CaseFile.Facts facts(CaseFile file) {
        return switch (file) {
            case CaseFile.Unrecorded unrecorded -> throw new AssertionError("no case");
            case CaseFile.Open open -> open.facts();
            case CaseFile.Closed closed -> closed.facts();
        };
    }

    private static Need theNeed(CaseFile file) {
        return facts(file).need(NEED).orElseThrow();
    }

    private static Standing standing(CaseFile file, OrganisationId organisation) {
        return facts(file).provisions().standing(NEED, organisation).orElseThrow();
    }
}
