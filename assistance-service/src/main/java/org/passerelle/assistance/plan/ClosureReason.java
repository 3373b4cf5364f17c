package org.passerelle.assistance.plan;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a plan, or its case, was closed. */
public enum ClosureReason {
    @JsonProperty("plan_completed")
    PLAN_COMPLETED,
    @JsonProperty("client_request")
    CLIENT_REQUEST,
    @JsonProperty("lost_contact")
    LOST_CONTACT,
    @JsonProperty("repatriated")
    REPATRIATED,
    @JsonProperty("transferred")
    TRANSFERRED,
    @JsonProperty("not_a_victim")
    NOT_A_VICTIM,
    @JsonProperty("aged_out_transferred")
    AGED_OUT_TRANSFERRED,
    @JsonProperty("duplicate")
    DUPLICATE,
    @JsonProperty("death")
    DEATH,
    @JsonProperty("other")
    OTHER
}
