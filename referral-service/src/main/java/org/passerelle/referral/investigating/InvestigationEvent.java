package org.passerelle.referral.investigating;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.referring.About;
import org.passerelle.referral.referring.NextStep.Told;

/** What happens to an investigation. Nothing in it is free text, and nothing says who anybody is. */
public sealed interface InvestigationEvent {

    About about();

    Instant at();

    /**
     * @param reportedUnder the country pack whose text had the person reported; null where the person agreed
     * @param reason only where it ends without a judgment
     * @param forms what it is about; empty where that is not told
     * @param reportBy when the police are to be heard of again; null where it has ended
     */
    record JusticeReported(
            About about,
            OrganisationId police,
            @Nullable String reportedUnder,
            JusticeStep step,
            @Nullable InvestigationReason reason,
            List<Exploitation> forms,
            @Nullable Instant reportBy,
            Instant at)
            implements InvestigationEvent {

        public JusticeReported {
            forms = List.copyOf(forms);
        }
    }

    /** So many things of one kind. */
    record EvidenceItem(EvidenceKind kind, int count) {}

    record EvidenceHandedOver(About about, OrganisationId police, UUID list, List<EvidenceItem> items, Instant at)
            implements InvestigationEvent {

        public EvidenceHandedOver {
            items = List.copyOf(items);
        }
    }

    /** The police have what the list says. */
    record EvidenceReceived(About about, OrganisationId police, UUID list, Instant at) implements InvestigationEvent {}

    /**
     * The police were to be heard of and were not.
     *
     * @param policeHear whether the person lets them know of the case still
     * @param again when the next is told
     */
    record PoliceSilent(About about, OrganisationId police, Told told, boolean policeHear, Instant again, Instant at)
            implements InvestigationEvent {}
}
