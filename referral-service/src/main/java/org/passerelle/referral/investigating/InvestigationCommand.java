package org.passerelle.referral.investigating;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceItem;
import org.passerelle.referral.referring.About;

/** What can be asked of an investigation. */
public sealed interface InvestigationCommand {

    Instant at();

    /** @param silence how long the police may be silent while it goes on */
    record ReportJustice(
            About about,
            OrganisationId police,
            @Nullable String reportedUnder,
            JusticeStep step,
            @Nullable InvestigationReason reason,
            List<Exploitation> forms,
            Duration silence,
            Instant at)
            implements InvestigationCommand {}

    /** @param consented whether the police may be given anything of this case now: by consent or duty, and not withheld */
    record HandOverEvidence(
            About about, OrganisationId police, UUID list, List<EvidenceItem> items, boolean consented, Instant at)
            implements InvestigationCommand {}

    record ConfirmEvidence(About about, OrganisationId police, UUID list, Instant at) implements InvestigationCommand {}

    /**
     * @param silence as when they last reported
     * @param closed whether the case is: then nobody is told any more
     * @param withheld whether the person withholds it from the police by now
     */
    record NoteSilence(Duration silence, boolean closed, boolean withheld, Instant at)
            implements InvestigationCommand {}
}
