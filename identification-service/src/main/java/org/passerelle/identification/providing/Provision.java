package org.passerelle.identification.providing;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.needs.NeedId;

/** The relation of one organisation to one need of a case. */
public record Provision(NeedId need, OrganisationId organisation, Standing standing) {

    /** Access follows the standing: nothing of the person while offered, the agreed slice while providing, then nothing. */
    public enum Standing {
        @JsonProperty("offered")
        OFFERED,
        @JsonProperty("providing")
        PROVIDING,
        @JsonProperty("has-provided")
        HAS_PROVIDED
    }
}
