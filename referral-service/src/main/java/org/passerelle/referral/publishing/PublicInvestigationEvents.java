package org.passerelle.referral.publishing;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.investigating.InvestigationEvent;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceHandedOver;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceReceived;
import org.passerelle.referral.investigating.InvestigationEvent.JusticeReported;
import org.passerelle.referral.investigating.InvestigationEvent.PoliceSilent;

/** Of an investigation others may count how far justice has come. Why it ended, what it is about and the evidence stay here. */
public final class PublicInvestigationEvents {

    /** What the police owe, among the steps of a referral. */
    static final String INVESTIGATION = "investigation";

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
            case PoliceSilent silent ->
                PublicReferralEvents.overdue(silent.about(), INVESTIGATION, silent.police(), silent.told());
        };
    }

    /** Whose subscriptions carry the event: of what the police no longer know of they are not reminded. */
    public static Set<OrganisationId> concerned(InvestigationEvent event) {
        return switch (event) {
            case PoliceSilent silent ->
                Stream.concat(
                                Stream.of(silent.about().requestedBy()),
                                silent.policeHear() ? Stream.of(silent.police()) : Stream.empty())
                        .collect(Collectors.toUnmodifiableSet());
            case JusticeReported reported -> Set.of();
            case EvidenceHandedOver list -> Set.of();
            case EvidenceReceived received -> Set.of();
        };
    }
}
