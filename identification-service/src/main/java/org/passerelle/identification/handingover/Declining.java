package org.passerelle.identification.handingover;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Why a mechanism does not take somebody over. */
public enum Declining {
    @JsonProperty("not-in-this-country")
    NOT_IN_THIS_COUNTRY,
    @JsonProperty("no-capacity")
    NO_CAPACITY,
    @JsonProperty("not-competent")
    NOT_COMPETENT,
    @JsonProperty("not-safe")
    NOT_SAFE,
    @JsonProperty("known-already")
    KNOWN_ALREADY,
    @JsonProperty("other")
    OTHER;

    /** As in JSON. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
