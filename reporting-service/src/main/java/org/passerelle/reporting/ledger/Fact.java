package org.passerelle.reporting.ledger;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the reports understand of an entry: only the fields they use of each public event. A new public event is kept
 * in the ledger before it is understood here; until then it reads as {@link Untold}.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public sealed interface Fact {

    record CaseDetected(String ownerOrganisation, String place, Instant foundAt) implements Fact {}

    record ConsentRecorded(
            String consentId,
            List<String> scopes,
            Recipients recipients,
            WithheldFrom withheldFrom,
            @Nullable Instant validUntil)
            implements Fact {}

    record ConsentWithdrawn(String consentId) implements Fact {}

    record Screened(String screeningId, String instrument, int instrumentVersion) implements Fact {}

    record VictimPresumed(String decidedBy) implements Fact {}

    record NeedStated(
            String needId,
            String ownerOrganisation,
            String service,
            String urgency,
            String place,
            Instant statedAt,
            Instant dueAt)
            implements Fact {}

    record CaseClosed(String reason) implements Fact {}

    /** @param finalOn the day on which the last backup of the keys is gone */
    record PersonErased(String reason, Instant erasedAt, LocalDate finalOn) implements Fact {}

    record ReferralRequested(
            String referralId,
            String service,
            String urgency,
            String place,
            @Nullable Instant dueAt,
            String requestedBy)
            implements Fact {}

    record ServiceOffered(
            String referralId,
            String offerId,
            String organisation,
            @Nullable String serviceId,
            String service,
            Instant answerBy)
            implements Fact {}

    record OfferAccepted(
            String referralId,
            String offerId,
            String organisation,
            @Nullable String serviceId,
            String service,
            String channel)
            implements Fact {}

    record OfferDeclined(String referralId, String offerId, String organisation, String reason) implements Fact {}

    record OfferExpired(String referralId, String offerId, String organisation) implements Fact {}

    record OfferWithdrawn(String referralId, String offerId, String organisation, String reason) implements Fact {}

    record CaseWorkerTaskRaised(String referralId, String reason) implements Fact {}

    record ServiceGapFound(String referralId, String service, String place) implements Fact {}

    /** @param step {@code acknowledged}, {@code first-contact}, {@code on-hold} or {@code resumed} */
    record ReferralProgressed(String referralId, String step, String organisation) implements Fact {}

    record ReferralCompleted(String referralId, @Nullable String organisation, String outcome) implements Fact {}

    record ReferralCancelled(String referralId, String reason) implements Fact {}

    record PlanOpened(@Nullable String requestedBy) implements Fact {}

    record ServiceAgreed(String referralId, String service, String organisation) implements Fact {}

    record ServiceDelivered(
            String deliveryId, @Nullable String referralId, String service, String organisation, Instant deliveredAt)
            implements Fact {}

    record FollowUpScheduled(String followUpId, Instant dueAt) implements Fact {}

    record FollowUpDue(String followUpId) implements Fact {}

    record FollowUpDone(String followUpId, String outcome) implements Fact {}

    record ServiceEnded(String referralId, String reason) implements Fact {}

    record PlanClosed(String reason) implements Fact {}

    /** Somebody who has nothing to do with the case reads it in an emergency. */
    record GlassBroken(String glassId, String organisation, Instant until) implements Fact {}

    record GlassReviewed(String glassId, String finding) implements Fact {}

    /** Kept, but not understood by this version. */
    record Untold(String type) implements Fact {}

    /** Who may receive: anybody suitable, or the organisations named. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Recipients(boolean any, List<String> organisations) {}

    /** Who must not learn of the person, whatever their role. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record WithheldFrom(boolean authorities, List<String> organisations) {}
}
