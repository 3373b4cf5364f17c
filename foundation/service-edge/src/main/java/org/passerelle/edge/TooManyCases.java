package org.passerelle.edge;

import java.time.Duration;

/** An account has looked at more different cases within an hour than anybody should. */
final class TooManyCases extends RuntimeException {

    private final Duration retryAfter;

    TooManyCases(Duration retryAfter) {
        super("too-many-cases", null, false, false);
        this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
