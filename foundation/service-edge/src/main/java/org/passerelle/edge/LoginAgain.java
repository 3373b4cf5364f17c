package org.passerelle.edge;

import java.time.Duration;

/** What is asked for needs a login that is younger than the caller's (RFC 9470). */
final class LoginAgain extends RuntimeException {

    private final Duration maxAge;

    LoginAgain(Duration maxAge) {
        super("login-again", null, false, false);
        this.maxAge = maxAge;
    }

    Duration maxAge() {
        return maxAge;
    }
}
