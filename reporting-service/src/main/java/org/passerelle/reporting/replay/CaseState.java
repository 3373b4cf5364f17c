package org.passerelle.reporting.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A case as it stood at a moment, in codes, needs and clocks: what a coordinator may see. Age and sex, which a need
 * carries for routing, are left in the ledger.
 *
 * @param at the moment asked for; facts recorded later are not in it
 * @param detected null while the detection is unknown, even if other facts have already arrived
 * @param consents those in force at the moment: recorded, not withdrawn, not past their end
 * @param needs in the order in which they were stated
 * @param plan null while no plan was opened
 * @param closed null while the case is open
 * @param erased null while what is personal of the case has not been erased
 * @param entries how many entries of the ledger this state was read from
 * @param untold types among them that this version keeps but does not understand
 */
public record CaseState(
        String caseCode,
        Instant at,
        @Nullable Detected detected,
        List<Screening> screenings,
        @Nullable Presumed presumed,
        List<Consent> consents,
        List<Need> needs,
        @Nullable Plan plan,
        @Nullable Closed closed,
        @Nullable Erased erased,
        int entries,
        List<String> untold) {

    /** @param finalOn the day on which the last backup of the keys is gone: before it the erasure is not final */
    public record Erased(String reason, Instant erasedAt, LocalDate finalOn) {}

    /** @param foundAt when the person was found; {@code recordedAt} is when the service was told */
    public record Detected(String ownerOrganisation, String place, Instant foundAt, Instant recordedAt) {}

    /** That a screening was done, never what it found. */
    public record Screening(String screeningId, String instrument, int instrumentVersion, Instant at) {}

    public record Presumed(String decidedBy, Instant at) {}

    public record Consent(
            String consentId,
            List<String> scopes,
            boolean anyRecipient,
            List<String> recipients,
            boolean withheldFromAuthorities,
            List<String> withheldFrom,
            @Nullable Instant validUntil,
            Instant recordedAt) {}

    /**
     * A need and how far its referral has come. Fields are null where the fact that tells them has not arrived.
     *
     * @param dueAt the need's own clock, which no offer restarts
     * @param organisation to whom it is offered, or who accepted, or who completed it
     * @param answerBy until when the open offer waits
     * @param why the reason that goes with the status: of the task, the outcome or the cancellation
     */
    public record Need(
            String needId,
            @Nullable String service,
            @Nullable String urgency,
            @Nullable String place,
            @Nullable Instant dueAt,
            ReferralStatus status,
            @Nullable String organisation,
            @Nullable Instant answerBy,
            @Nullable String why) {}

    public enum ReferralStatus {
        /** The need is known; no referral has been heard of. */
        @JsonProperty("stated")
        STATED,
        /** Being routed: no offer is open. */
        @JsonProperty("searching")
        SEARCHING,
        @JsonProperty("offered")
        OFFERED,
        /** The last offer failed; the next one has not been made. */
        @JsonProperty("re-routing")
        RE_ROUTING,
        @JsonProperty("with-case-worker")
        WITH_CASE_WORKER,
        @JsonProperty("no-service-found")
        NO_SERVICE_FOUND,
        @JsonProperty("accepted")
        ACCEPTED,
        @JsonProperty("completed")
        COMPLETED,
        @JsonProperty("cancelled")
        CANCELLED
    }

    /**
     * @param closedAt null while the plan is open
     * @param services one line per referral that the plan serves
     */
    public record Plan(
            @Nullable Instant openedAt,
            List<PlannedService> services,
            List<FollowUp> followUps,
            @Nullable Instant closedAt,
            @Nullable String closedFor) {}

    /** @param endedFor null while the service is being given */
    public record PlannedService(
            String referralId,
            @Nullable String service,
            @Nullable String organisation,
            int deliveries,
            @Nullable String endedFor) {}

    /**
     * @param due whether its clock has rung
     * @param outcome null until it was done
     */
    public record FollowUp(
            String followUpId,
            @Nullable Instant dueAt,
            boolean due,
            @Nullable String outcome) {}

    public record Closed(String reason, Instant at) {}
}
