package org.passerelle.identification.handingover;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a person can agree to have told to another country's mechanism, each by itself. */
public enum Fact {
    /** Names and birth date. */
    @JsonProperty("identity")
    IDENTITY,
    /** Telephone and address. */
    @JsonProperty("contact")
    CONTACT,
    /** Age, sex, citizenships, languages. */
    @JsonProperty("attributes")
    ATTRIBUTES,
    /** The open needs: which service, how urgent. */
    @JsonProperty("needs")
    NEEDS,
    /** When and in which region they were found, and what was told. */
    @JsonProperty("story")
    STORY;

    /** As in JSON. */
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
