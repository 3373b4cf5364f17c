package org.passerelle.identification.needs;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Circumstances of a person that decide whether a service can take them, in the codes of the service directory. They are
 * said with a need where they help to choose, and go out with it: no more than one would tell a service on the telephone.
 */
public enum Circumstance {
    @JsonProperty("children-with-caregiver")
    CHILDREN_WITH_CAREGIVER,
    @JsonProperty("pregnant")
    PREGNANT,
    @JsonProperty("disability")
    DISABILITY,
    @JsonProperty("national")
    NATIONAL,
    @JsonProperty("foreign")
    FOREIGN,
    @JsonProperty("irregular")
    IRREGULAR,
    @JsonProperty("asylum-seeker")
    ASYLUM_SEEKER,
    @JsonProperty("refugee")
    REFUGEE,
    @JsonProperty("stateless")
    STATELESS,
    @JsonProperty("returnee")
    RETURNEE
}
