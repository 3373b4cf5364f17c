package org.passerelle.referral.investigating;

import java.util.List;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceHandedOver;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceReceived;
import org.passerelle.referral.investigating.InvestigationEvent.JusticeReported;
import org.passerelle.referral.investigating.InvestigationEvent.PoliceSilent;

/** How investigations are stored: one stream for each referral to the police; the names of their events; their clock. */
public final class InvestigationStream {

    public static final String CATEGORY = "investigation";

    /** When the police are to be heard of. */
    static final String REPORT = "report";

    public static final EventTypes<InvestigationEvent> TYPES = EventTypes.of(InvestigationEvent.class)
            .type("investigation.justice-reported", 1, JusticeReported.class)
            .type("investigation.evidence-handed-over", 1, EvidenceHandedOver.class)
            .type("investigation.evidence-received", 1, EvidenceReceived.class)
            .type("investigation.police-silent", 2, PoliceSilent.class)
            // what was stored before it was asked went to nobody's subscription, and does not now
            .upcast("investigation.police-silent", 1, old -> old.put("policeHear", false))
            .about((stream, event) -> event.about().caseCode().value())
            .build();

    public static final StreamKind<InvestigationCommand, Investigation, InvestigationEvent> KIND =
            new StreamKind<>(CATEGORY, new InvestigationDecider(), TYPES, InvestigationStream::deadlines);

    private InvestigationStream() {}

    public static StreamId of(ReferralId referral) {
        return new StreamId(CATEGORY, referral.toString());
    }

    static List<DeadlineChange> deadlines(InvestigationEvent event) {
        return switch (event) {
            case JusticeReported reported ->
                List.of(
                        reported.reportBy() == null
                                ? DeadlineChange.cancel(REPORT)
                                : DeadlineChange.set(REPORT, reported.reportBy()));
            case PoliceSilent silent -> List.of(DeadlineChange.set(REPORT, silent.again()));
            case EvidenceHandedOver none -> List.of();
            case EvidenceReceived none -> List.of();
        };
    }
}
