package org.passerelle.identification.emergency;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why somebody reads a case they have nothing to do with. */
public enum BreakingReason {
    @JsonProperty("danger-to-life")
    DANGER_TO_LIFE,
    @JsonProperty("child-in-danger")
    CHILD_IN_DANGER,
    /** Nobody knows where the person is. */
    @JsonProperty("missing")
    MISSING,
    /** The person is here, needs help at once, and nobody who keeps the case can be reached. */
    @JsonProperty("owner-unreachable")
    OWNER_UNREACHABLE
}
