package org.passerelle.identification.casefile;

import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.identification.codes.CaseCode;

/** The stream of a case, and the table of the names its events are stored under. */
public final class CaseStream {

    public static final String CATEGORY = "case";

    public static final EventTypes<CaseEvent> TYPES = EventTypes.of(CaseEvent.class)
            .type("identification.detection-recorded", 1, CaseEvent.DetectionRecorded.class)
            .type("identification.urgent-risks-raised", 1, CaseEvent.UrgentRisksRaised.class)
            .type("identification.consent-recorded", 1, CaseEvent.ConsentRecorded.class)
            .type("identification.consent-withdrawn", 1, CaseEvent.ConsentWithdrawn.class)
            .type("identification.screening-recorded", 1, CaseEvent.ScreeningRecorded.class)
            .type("identification.victim-presumed", 1, CaseEvent.VictimPresumed.class)
            .type("identification.avoidance-changed", 1, CaseEvent.AvoidanceChanged.class)
            .type("identification.need-stated", 1, CaseEvent.NeedStated.class)
            .type("identification.provider-offered", 1, CaseEvent.ProviderOffered.class)
            .type("identification.provider-engaged", 1, CaseEvent.ProviderEngaged.class)
            .type("identification.provider-released", 1, CaseEvent.ProviderReleased.class)
            .type("identification.need-settled", 1, CaseEvent.NeedSettled.class)
            .type("identification.need-reopened", 1, CaseEvent.NeedReopened.class)
            .type("identification.case-closed", 1, CaseEvent.CaseClosed.class)
            .type("identification.hand-over-requested", 1, CaseEvent.HandOverRequested.class)
            .type("identification.hand-over-sent", 1, CaseEvent.HandOverSent.class)
            .type("identification.hand-over-stopped", 1, CaseEvent.HandOverStopped.class)
            .type("identification.hand-over-answered", 1, CaseEvent.HandOverAnswered.class)
            .type("identification.hand-over-withdrawn", 1, CaseEvent.HandOverWithdrawn.class)
            .type("identification.hand-over-withdrawal-heard", 1, CaseEvent.HandOverWithdrawalHeard.class)
            .type("identification.hand-over-end-noted", 1, CaseEvent.HandOverEndNoted.class)
            .type("identification.erasure-requested", 1, CaseEvent.ErasureRequested.class)
            .type("identification.erasure-refused", 1, CaseEvent.ErasureRefused.class)
            .type("identification.hold-placed", 1, CaseEvent.HoldPlaced.class)
            .type("identification.hold-lifted", 1, CaseEvent.HoldLifted.class)
            .type("identification.person-erased", 1, CaseEvent.PersonErased.class)
            .build();

    public static final StreamKind<CaseCommand, CaseFile, CaseEvent> KIND =
            new StreamKind<>(CATEGORY, new CaseDecider(), TYPES, HandingOver::deadlines);

    private CaseStream() {}

    public static StreamId of(CaseCode code) {
        return KIND.stream(code.text());
    }
}
