package org.passerelle.edge;

import java.time.Duration;

/** So many at once, then so many a minute. Time comes from outside. */
final class Bucket {

    private static final double NANOS_A_MINUTE = 60e9;

    private final int perMinute;
    private double tokens;
    private long last;

    /** @param nanos now, of a clock that never goes back */
    Bucket(int perMinute, long nanos) {
        this.perMinute = perMinute;
        this.tokens = perMinute;
        this.last = nanos;
    }

    /** @return zero when one was taken, else after how long there is one */
    synchronized Duration take(long nanos) {
        fill(nanos);
        if (tokens >= 1) {
            tokens -= 1;
            return Duration.ZERO;
        }
        return Duration.ofNanos((long) Math.ceil((1 - tokens) * NANOS_A_MINUTE / perMinute));
    }

    /** What is left, after a request that had to wait so long. */
    synchronized RateLimits.Taken after(Duration wait) {
        return new RateLimits.Taken(
                wait, (long) tokens, Duration.ofNanos((long) ((perMinute - tokens) * NANOS_A_MINUTE / perMinute)));
    }

    /** As if nobody had ever taken one: it can be forgotten. */
    synchronized boolean full(long nanos) {
        fill(nanos);
        return tokens >= perMinute;
    }

    private void fill(long nanos) {
        tokens = Math.min(perMinute, tokens + (nanos - last) * perMinute / NANOS_A_MINUTE);
        last = nanos;
    }
}
