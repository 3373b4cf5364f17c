package org.passerelle.identification.presuming;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.passerelle.eventsourcing.sealing.Personal;

/**
 * Somebody decided that the person is presumed to be a victim. The threshold is low, and no screening outcome is needed
 * or stands in the way.
 *
 * @param grounds free text, which never leaves this service
 */
public record Presumption(
        DecidedBy decidedBy,

        @Personal(value = "story", erased = "\"\"") String grounds,

        Instant decidedAt) {

    /** Kind of body that decided, as HTCDS 2.0 codes it. */
    public enum DecidedBy {
        @JsonProperty("Police")
        POLICE,
        @JsonProperty("NGO")
        NGO,
        @JsonProperty("CourtOrProsecution")
        COURT_OR_PROSECUTION,
        @JsonProperty("NonPoliceGovernmentalOrganization")
        NON_POLICE_GOVERNMENTAL_ORGANIZATION,
        @JsonProperty("Other")
        OTHER
    }
}
