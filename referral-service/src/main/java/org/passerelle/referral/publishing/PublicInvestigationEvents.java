package org.passerelle.referral.publishing;

import java.util.Map;
import java.util.Optional;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.referral.investigating.InvestigationEvent;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceHandedOver;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceReceived;
import org.passerelle.referral.investigating.InvestigationEvent.JusticeReported;
import org.passerelle.referral.investigating.InvestigationEvent.PoliceSilent;

/** Of an investigation others may count how far justice has come. Why it ended, what it is about and the evidence stay here. */
public final class PublicInvestigationEvents {

    private PublicInvestigationEvents() {}

    public static Optional<PublicEvent> of(InvestigationEvent event) {
        return switch (event) {
            case JusticeReported reported -> {
                String code = reported.about().caseCode().value();
                yield Optional.of(new PublicEvent(
                        "passerelle.referral.investigation-reported.v1",
                        code,
                        code,
                        Map.of("referralId", reported.about().referral(), "step", reported.step())));
            }
            case EvidenceHandedOver list -> Optional.empty();
            case EvidenceReceived received -> Optional.empty();
            case PoliceSilent silent -> Optional.empty();
        };
    }
}
