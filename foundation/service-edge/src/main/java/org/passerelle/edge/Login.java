package org.passerelle.edge;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When somebody last proved who they are. Pure. */
final class Login {

    /** Clocks of the login server and of a service may differ by so much. */
    static final Duration SKEW = Duration.ofSeconds(60);

    private Login() {}

    /**
     * @param at the token's {@code auth_time}; null where it says nothing: a token that was merely issued or refreshed
     *     lately proves nothing
     */
    static boolean fresh(@Nullable Instant at, Instant now, Duration maxAge) {
        return at != null && !at.isBefore(now.minus(maxAge)) && !at.isAfter(now.plus(SKEW));
    }
}
