package org.passerelle.identification.emergency;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.Personal;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.OrganisationId;

/** What happened to the glasses that one account broke. Stored for ever, under the names in {@link GlassStream}. */
public sealed interface GlassEvent {

    GlassId glassId();

    CaseCode caseCode();

    /**
     * @param owner        the organisation that keeps the case
     * @param organisation for which the glass was broken
     * @param authority    whether what is withheld from authorities is withheld from whoever broke it
     * @param text         why, in their words; null once the person is erased
     * @param by           the account: issuer, space, subject
     * @param until        the first moment at which it opens nothing any more
     * @param reviewBy     from then on the review is overdue
     */
    record GlassBroken(
            GlassId glassId,
            CaseCode caseCode,
            OrganisationId owner,
            OrganisationId organisation,
            boolean authority,
            BreakingReason reason,
            @Personal("emergency") @Nullable String text,
            String by,
            Instant at,
            Instant until,
            Instant reviewBy)
            implements GlassEvent {}

    /**
     * @param by        the account of the reviewer
     * @param authority whether what is withheld from authorities is withheld from them; false of reviews from before it was kept
     */
    record GlassReviewed(
            GlassId glassId,
            CaseCode caseCode,
            Finding finding,
            @Personal("emergency") @Nullable String text,
            String by,
            Instant at,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean authority)
            implements GlassEvent {}
}
