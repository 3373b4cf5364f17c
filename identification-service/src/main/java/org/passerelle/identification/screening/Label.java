package org.passerelle.identification.screening;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a screening can point to. Parallel labels: any of them may hold together. */
public enum Label {
    @JsonProperty("trafficking")
    TRAFFICKING,
    @JsonProperty("smuggling")
    SMUGGLING,
    @JsonProperty("gbv")
    GBV
}
