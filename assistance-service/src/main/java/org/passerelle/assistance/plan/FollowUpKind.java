package org.passerelle.assistance.plan;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the person is looked after again. */
public enum FollowUpKind {
    @JsonProperty("visit")
    VISIT,
    @JsonProperty("telephone")
    TELEPHONE,
    @JsonProperty("other")
    OTHER
}
