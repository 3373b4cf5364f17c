package org.passerelle.identification.needs;

import java.time.Duration;
import java.time.Instant;

/** How long the mechanism has to answer a need, by urgency. Data of the country, not of the code. */
public record NeedClocks(Duration emergency, Duration urgent, Duration normal) {

    public NeedClocks {
        if (!emergency.isPositive() || urgent.compareTo(emergency) < 0 || normal.compareTo(urgent) < 0) {
            throw new IllegalArgumentException("clocks must be positive, and the more urgent never the longer");
        }
    }

    Instant due(Urgency urgency, Instant statedAt) {
        return statedAt.plus(
                switch (urgency) {
                    case EMERGENCY -> emergency;
                    case URGENT -> urgent;
                    case NORMAL -> normal;
                });
    }
}
