package org.passerelle.identification.screening;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A risk that is acted on at once, whatever the rest of the answers say. */
public enum UrgentRisk {
    @JsonProperty("immediate-danger")
    IMMEDIATE_DANGER,
    @JsonProperty("medical-emergency")
    MEDICAL_EMERGENCY,
    @JsonProperty("child-alone")
    CHILD_ALONE,
    @JsonProperty("suicidal")
    SUICIDAL
}
