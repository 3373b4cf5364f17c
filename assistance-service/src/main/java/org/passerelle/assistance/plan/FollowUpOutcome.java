package org.passerelle.assistance.plan;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the person was found, or that they were not. */
public enum FollowUpOutcome {
    @JsonProperty("safe")
    SAFE,
    @JsonProperty("needs-more-help")
    NEEDS_MORE_HELP,
    @JsonProperty("unreachable")
    UNREACHABLE,
    @JsonProperty("declined")
    DECLINED
}
