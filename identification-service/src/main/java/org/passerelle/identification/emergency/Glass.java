package org.passerelle.identification.emergency;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.emergency.GlassEvent.GlassBroken;
import org.passerelle.identification.emergency.GlassEvent.GlassReviewed;

/** One broken glass, and its review once there is one. */
public record Glass(GlassBroken broken, @Nullable GlassReviewed review) {

    /** Whether it still lets its breaker read; a review ends it at once. */
    public boolean openAt(Instant moment) {
        return review == null && moment.isBefore(broken.until());
    }
}
