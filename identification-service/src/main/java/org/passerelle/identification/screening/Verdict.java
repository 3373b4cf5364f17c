package org.passerelle.identification.screening;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What became of one rule. */
public enum Verdict {
    @JsonProperty("met")
    MET,
    /** Some required element was asked for and is not there: not by this rule alone. */
    @JsonProperty("not-met")
    NOT_MET,
    /** Nothing speaks against it, but answers are missing or too weak. */
    @JsonProperty("undecided")
    UNDECIDED,
    /** The rule is meant for adults and this is a child, or the other way round. */
    @JsonProperty("not-applicable")
    NOT_APPLICABLE
}
