package org.passerelle.identification.erasing;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why personal data may, or must, be erased. */
public enum ErasureReason {
    /** The person, or who speaks for them, asked for it. */
    @JsonProperty("person-request")
    PERSON_REQUEST,
    @JsonProperty("consent-withdrawn")
    CONSENT_WITHDRAWN,
    /** The time is over for which the country keeps such data. */
    @JsonProperty("retention-ended")
    RETENTION_ENDED,
    @JsonProperty("unlawful-processing")
    UNLAWFUL_PROCESSING,
    @JsonProperty("court-order")
    COURT_ORDER
}
