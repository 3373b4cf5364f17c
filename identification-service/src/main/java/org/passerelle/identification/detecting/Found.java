package org.passerelle.identification.detecting;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.Personal;
import org.passerelle.identification.codes.Place;

/**
 * How somebody was found.
 *
 * @param at when; never later than the detection was recorded
 * @param place the region, which may leave this service
 * @param exactPlace free text, which never leaves this service
 */
public record Found(
        Instant at,
        Place place,
        @Personal("story") @Nullable String exactPlace,
        How how) {

    /** Through whom the mechanism learned of the person. */
    public enum How {
        @JsonProperty("border-control")
        BORDER_CONTROL,
        @JsonProperty("police")
        POLICE,
        @JsonProperty("hotline")
        HOTLINE,
        @JsonProperty("health")
        HEALTH,
        @JsonProperty("ngo")
        NGO,
        @JsonProperty("community")
        COMMUNITY,
        @JsonProperty("self")
        SELF,
        @JsonProperty("other")
        OTHER
    }
}
