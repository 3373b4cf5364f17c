package org.passerelle.identification.emergency;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a review found. */
public enum Finding {
    @JsonProperty("justified")
    JUSTIFIED,
    @JsonProperty("not-justified")
    NOT_JUSTIFIED
}
