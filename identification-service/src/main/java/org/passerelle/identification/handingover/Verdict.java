package org.passerelle.identification.handingover;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the receiving mechanism says of a hand-over. */
public enum Verdict {
    /** It has the file and could read it; nobody has decided yet. */
    @JsonProperty("received")
    RECEIVED,
    /** It has opened a case of its own. */
    @JsonProperty("accepted")
    ACCEPTED,
    @JsonProperty("declined")
    DECLINED;

    /** As in JSON. */
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
