package org.passerelle.identification.needs;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How soon a need must be answered; {@link NeedClocks} says what that means in hours. */
public enum Urgency {
    @JsonProperty("emergency")
    EMERGENCY,
    @JsonProperty("urgent")
    URGENT,
    @JsonProperty("normal")
    NORMAL
}
