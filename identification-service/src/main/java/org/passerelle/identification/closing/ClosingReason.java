package org.passerelle.identification.closing;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a case is closed. */
public enum ClosingReason {
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
