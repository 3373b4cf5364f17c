package org.passerelle.referral.investigating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.passerelle.referral.investigating.EveryInvestigationEvent.ABOUT;
import static org.passerelle.referral.investigating.EveryInvestigationEvent.AT;
import static org.passerelle.referral.investigating.EveryInvestigationEvent.LIST;
import static org.passerelle.referral.investigating.EveryInvestigationEvent.POLICE;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.investigating.InvestigationCommand.ConfirmEvidence;
import org.passerelle.referral.investigating.InvestigationCommand.HandOverEvidence;
import org.passerelle.referral.investigating.InvestigationCommand.NoteSilence;
import org.passerelle.referral.investigating.InvestigationCommand.ReportJustice;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceItem;
import org.passerelle.referral.investigating.InvestigationEvent.JusticeReported;
import org.passerelle.referral.investigating.InvestigationEvent.PoliceSilent;
import org.passerelle.referral.referring.NextStep.Told;

class InvestigationDeciderTest {

    private static final Duration SILENCE = Duration.ofDays(14);

    /** What may be told after what; null is nothing yet. */
    private static final Map<String, Set<JusticeStep>> ORDER = Map.of(
            "nothing", EnumSet.of(JusticeStep.INVESTIGATION, JusticeStep.REFUSED),
            "investigation", EnumSet.of(JusticeStep.INVESTIGATION, JusticeStep.PROSECUTION, JusticeStep.DISCONTINUED),
            "refused", EnumSet.of(JusticeStep.INVESTIGATION),
            "prosecution",
                    EnumSet.of(
                            JusticeStep.CONVICTION,
                            JusticeStep.ACQUITTAL,
                            JusticeStep.DISCONTINUED,
                            JusticeStep.PROSECUTION),
            "conviction", EnumSet.noneOf(JusticeStep.class),
            "acquittal", EnumSet.of(JusticeStep.INVESTIGATION),
            "discontinued", EnumSet.of(JusticeStep.INVESTIGATION));

    private final InvestigationDecider decider = new InvestigationDecider();
    private final List<InvestigationEvent> past = new ArrayList<>();

    private List<InvestigationEvent> when(InvestigationCommand command) {
        List<InvestigationEvent> events = decider.decide(command, decider.fold(decider.initial(), past));
        past.addAll(events);
        return events;
    }

    private static ReportJustice report(JusticeStep step, Instant at) {
        @Nullable
        InvestigationReason reason =
                step == JusticeStep.REFUSED || step == JusticeStep.DISCONTINUED ? InvestigationReason.OTHER : null;
        return new ReportJustice(ABOUT, POLICE, null, step, reason, List.of(), SILENCE, at);
    }

    @Test
    void justiceGoesOneWay() {
        ORDER.forEach((before, allowed) -> {
            for (JusticeStep next : JusticeStep.values()) {
                past.clear();
                if (!before.equals("nothing")) {
                    past.add(new JusticeReported(
                            ABOUT, POLICE, null, JusticeStep.of(before), null, List.of(), AT.plus(SILENCE), AT));
                }
                if (allowed.contains(next)) {
                    assertThat(when(report(next, AT)))
                            .as("%s after %s", next, before)
                            .hasSize(1);
                } else if (next.code().equals(before)) {
                    assertThat(when(report(next, AT))).as("%s again", next).isEmpty();
                } else {
                    assertThatThrownBy(() -> when(report(next, AT)))
                            .as("%s after %s", next, before)
                            .isInstanceOf(Refusal.class);
                }
            }
        });
    }

    @Test
    void aForceThatItWasPassedOnToBeginsAnew() {
        OrganisationId others = new OrganisationId(new UUID(0, 3));
        when(report(JusticeStep.REFUSED, AT));
        assertThat(when(new ReportJustice(
                        ABOUT,
                        others,
                        null,
                        JusticeStep.REFUSED,
                        InvestigationReason.OTHER,
                        List.of(),
                        SILENCE,
                        AT.plusSeconds(1))))
                .hasSize(1);
        past.clear();
        when(report(JusticeStep.INVESTIGATION, AT));
        assertThatThrownBy(() -> when(new ReportJustice(
                        ABOUT, others, null, JusticeStep.PROSECUTION, null, List.of(), SILENCE, AT.plusSeconds(1))))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void aReasonIsGivenWhereItEndsWithoutAJudgmentAndOnlyThere() {
        assertThatThrownBy(() ->
                        when(new ReportJustice(ABOUT, POLICE, null, JusticeStep.REFUSED, null, List.of(), SILENCE, AT)))
                .isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> when(new ReportJustice(
                        ABOUT,
                        POLICE,
                        null,
                        JusticeStep.INVESTIGATION,
                        InvestigationReason.OTHER,
                        List.of(),
                        SILENCE,
                        AT)))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void silenceIsToldToThePoliceTheirSupervisorAndTheCoordination_untilTheyAreHeardOf() {
        when(report(JusticeStep.INVESTIGATION, AT));
        assertThat(when(new NoteSilence(SILENCE, false, false, AT.plus(SILENCE).minusMillis(1))))
                .isEmpty();
        Instant due = AT.plus(SILENCE);
        assertThat(when(new NoteSilence(SILENCE, true, false, due)))
                .as("the case is closed")
                .isEmpty();
        for (Told told : List.of(Told.OWNER, Told.SUPERVISOR, Told.COORDINATOR, Told.COORDINATOR)) {
            PoliceSilent silent = (PoliceSilent)
                    when(new NoteSilence(SILENCE, false, false, due)).getFirst();
            assertThat(silent.told()).isEqualTo(told);
            assertThat(silent.policeHear()).isTrue();
            due = silent.again();
        }
        when(report(JusticeStep.INVESTIGATION, due));
        assertThat(when(new NoteSilence(SILENCE, false, false, due))).isEmpty();
        assertThat(((PoliceSilent) when(new NoteSilence(SILENCE, false, false, due.plus(SILENCE)))
                                .getFirst())
                        .told())
                .isEqualTo(Told.OWNER);
        PoliceSilent withheld =
                (PoliceSilent) when(new NoteSilence(SILENCE, false, true, due.plus(SILENCE.multipliedBy(2))))
                        .getFirst();
        assertThat(withheld.policeHear()).isFalse();
        when(report(JusticeStep.PROSECUTION, due.plus(SILENCE)));
        when(report(JusticeStep.CONVICTION, due.plus(SILENCE)));
        assertThat(when(new NoteSilence(SILENCE, false, false, due.plus(SILENCE.multipliedBy(9)))))
                .isEmpty();
    }

    @Test
    void evidenceIsHandedOverOnlyWhereThePoliceMayHear_onceAList_andConfirmedByThem() {
        List<EvidenceItem> items = List.of(new EvidenceItem(EvidenceKind.DEVICE, 2));
        assertThatThrownBy(() -> when(new HandOverEvidence(ABOUT, POLICE, LIST, items, false, AT)))
                .isInstanceOf(Refusal.class);
        assertThat(when(new HandOverEvidence(ABOUT, POLICE, LIST, items, true, AT)))
                .hasSize(1);
        assertThat(when(new HandOverEvidence(ABOUT, POLICE, LIST, items, true, AT)))
                .isEmpty();
        OrganisationId others = new OrganisationId(new UUID(0, 3));
        assertThatThrownBy(() -> when(new ConfirmEvidence(ABOUT, others, LIST, AT)))
                .isInstanceOf(Refusal.class);
        assertThat(when(new ConfirmEvidence(ABOUT, POLICE, LIST, AT))).hasSize(1);
        assertThat(when(new ConfirmEvidence(ABOUT, POLICE, LIST, AT))).isEmpty();
        assertThatThrownBy(() -> when(new HandOverEvidence(
                        ABOUT,
                        POLICE,
                        new UUID(5, 2),
                        List.of(new EvidenceItem(EvidenceKind.DEVICE, 1), new EvidenceItem(EvidenceKind.DEVICE, 2)),
                        true,
                        AT)))
                .isInstanceOf(Refusal.class);
    }
}
