package org.passerelle.identification.needs;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.codes.Place;

/**
 * A stated need. {@code dueAt} is fixed when it is stated: no expired offer, new routing or correction restarts it.
 *
 * @param settled how it ended; null while it is open
 */
public record Need(
        NeedId id,
        ServiceType service,
        Urgency urgency,
        Place place,
        Instant statedAt,
        Instant dueAt,
        @Nullable Settlement settled) {

    /** How a need ended. */
    public enum Settlement {
        /** A provider reported what came of it. */
        @JsonProperty("completed")
        COMPLETED,
        /** It was called off. */
        @JsonProperty("cancelled")
        CANCELLED,
        /** Nobody can meet it: a service gap, counted for planners. */
        @JsonProperty("gap")
        GAP
    }

    /** A need stated now, with its clock started. */
    public static Need stated(
            NeedId id, ServiceType service, Urgency urgency, Place place, Instant now, NeedClocks clocks) {
        return new Need(id, service, urgency, place, now, clocks.due(urgency, now), null);
    }

    public boolean open() {
        return settled == null;
    }

    public Need settledAs(@Nullable Settlement settlement) {
        return new Need(id, service, urgency, place, statedAt, dueAt, settlement);
    }
}
