package org.passerelle.identification.detecting;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Gender as HTCDS 2.0 (IOM) codes it. */
public enum Sex {
    @JsonProperty("Feminine")
    FEMININE,
    @JsonProperty("Masculine")
    MASCULINE,
    @JsonProperty("TransgenderFeminine")
    TRANSGENDER_FEMININE,
    @JsonProperty("TransgenderMasculine")
    TRANSGENDER_MASCULINE,
    @JsonProperty("NonConforming")
    NON_CONFORMING,
    @JsonProperty("NonSpecifiedUnknown")
    NON_SPECIFIED_UNKNOWN
}
