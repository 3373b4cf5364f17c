package org.passerelle.assistance.plan;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an agreed service ended. */
public enum ServiceEndReason {
    /** Its referral was completed. */
    @JsonProperty("completed")
    COMPLETED,
    /** Its referral was cancelled. */
    @JsonProperty("cancelled")
    CANCELLED,
    /** The accepted offer was taken back, for example because consent was. */
    @JsonProperty("withdrawn")
    WITHDRAWN,
    /** Another service was agreed for the same referral. */
    @JsonProperty("replaced")
    REPLACED
}
