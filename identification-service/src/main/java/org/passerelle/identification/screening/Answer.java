package org.passerelle.identification.screening;

import com.fasterxml.jackson.annotation.JsonProperty;

/** An answer code. A question without an answer counts as {@link #UNKNOWN}, and unknown never counts as no. */
public enum Answer {
    @JsonProperty("yes")
    YES,
    @JsonProperty("no")
    NO,
    @JsonProperty("unknown")
    UNKNOWN
}
