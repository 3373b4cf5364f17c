package org.passerelle.identification.consenting;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a consent allows. A hand-over across a border is always a scope of its own. */
public enum Scope {
    @JsonProperty("services")
    SERVICES,
    @JsonProperty("non-identifiable-reporting")
    NON_IDENTIFIABLE_REPORTING,
    @JsonProperty("tracing")
    TRACING,
    @JsonProperty("family")
    FAMILY,
    @JsonProperty("authorities")
    AUTHORITIES,
    @JsonProperty("unhcr")
    UNHCR,
    @JsonProperty("other-organisations")
    OTHER_ORGANISATIONS,
    @JsonProperty("cross-border")
    CROSS_BORDER
}
