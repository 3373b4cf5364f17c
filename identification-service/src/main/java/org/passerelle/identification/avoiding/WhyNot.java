package org.passerelle.identification.avoiding;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why an organisation must not hear of somebody, whatever they agreed to. */
public enum WhyNot {
    /** The trafficker, or somebody who acts for them, has reach there. */
    @JsonProperty("trafficker-reach")
    TRAFFICKER_REACH,
    /** A suspect, or somebody of their family or business, works there. */
    @JsonProperty("employs-suspect")
    EMPLOYS_SUSPECT,
    /** A suspect, or somebody of their family or business, owns or leads it. */
    @JsonProperty("run-by-suspect")
    RUN_BY_SUSPECT,
    /** It counsels or represents a suspect, or whoever is complained of. */
    @JsonProperty("represents-other-side")
    REPRESENTS_OTHER_SIDE,
    /** It cannot be impartial for another reason. */
    @JsonProperty("other-conflict")
    OTHER_CONFLICT
}
