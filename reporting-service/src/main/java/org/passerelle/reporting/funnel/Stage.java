package org.passerelle.reporting.funnel;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import org.passerelle.reporting.ledger.Fact;

/**
 * The steps of the mechanism that a case reaches or not, in the order in which they are usually reached. Needs come
 * first: a person may be referred before being screened, so a later step can count more cases than an earlier one.
 */
public enum Stage {
    @JsonProperty("detected")
    DETECTED,
    @JsonProperty("screened")
    SCREENED,
    @JsonProperty("presumed")
    PRESUMED,
    /** A service was asked for. */
    @JsonProperty("referred")
    REFERRED,
    /** A provider said yes. */
    @JsonProperty("accepted")
    ACCEPTED,
    /** A service was really given, not only agreed. */
    @JsonProperty("assisted")
    ASSISTED,
    @JsonProperty("closed")
    CLOSED;

    /** The step that a fact proves to be reached, if it proves one. */
    public static Optional<Stage> reachedBy(Fact fact) {
        return switch (fact) {
            case Fact.CaseDetected _ -> Optional.of(DETECTED);
            case Fact.Screened _ -> Optional.of(SCREENED);
            case Fact.VictimPresumed _ -> Optional.of(PRESUMED);
            case Fact.ReferralRequested _ -> Optional.of(REFERRED);
            case Fact.OfferAccepted _ -> Optional.of(ACCEPTED);
            case Fact.ServiceDelivered _ -> Optional.of(ASSISTED);
            case Fact.CaseClosed _ -> Optional.of(CLOSED);
            case Fact.PersonErased _,
                    Fact.ConsentRecorded _,
                    Fact.ConsentWithdrawn _,
                    Fact.NeedStated _,
                    Fact.ServiceOffered _,
                    Fact.OfferDeclined _,
                    Fact.OfferExpired _,
                    Fact.OfferWithdrawn _,
                    Fact.CaseWorkerTaskRaised _,
                    Fact.ServiceGapFound _,
                    Fact.ReferralProgressed _,
                    Fact.GlassBroken _,
                    Fact.GlassReviewed _,
                    Fact.ReferralCompleted _,
                    Fact.ReferralCancelled _,
                    Fact.PlanOpened _,
                    Fact.ServiceAgreed _,
                    Fact.FollowUpScheduled _,
                    Fact.FollowUpDue _,
                    Fact.FollowUpDone _,
                    Fact.ServiceEnded _,
                    Fact.PlanClosed _,
                    Fact.Untold _ -> Optional.empty();
        };
    }

    /** As the JSON says it and as texts are looked up: {@code detected}. */
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
