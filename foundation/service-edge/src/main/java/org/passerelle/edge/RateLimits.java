package org.passerelle.edge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Slows down whoever asks too fast, account by account; each replica for itself. Requests without a login are the gateway's. */
@ApplicationScoped
class RateLimits {

    static final String PERSON_SEARCH = "person.search";

    /** Beyond so many accounts those that have been quiet are forgotten. */
    private static final int MOST = 10_000;

    @Inject
    Limits limits;

    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    /**
     * @param delay     zero when the request may go on, else how long to wait
     * @param remaining so many more may come at once
     * @param full      after how long as many as ever may
     */
    record Taken(Duration delay, long remaining, Duration full) {

        /** As in draft-ietf-httpapi-ratelimit-headers. */
        String header() {
            return "\"account\";r=" + remaining + ";t=" + full.plusMillis(999).toSeconds();
        }
    }

    Taken take(Membership.Claims claims, String action) {
        long now = System.nanoTime();
        String account = Memberships.account(claims.issuer(), claims.subject());
        int perMinute = claims.roles().contains(Role.PARTNER_SYSTEM)
                ? limits.requestsPerMinuteBySystems()
                : limits.requestsPerMinute();
        if (buckets.size() > MOST) {
            buckets.values().removeIf(bucket -> bucket.full(now));
        }
        Bucket bucket = buckets.computeIfAbsent(account, any -> new Bucket(perMinute, now));
        Duration wait = bucket.take(now);
        if (wait.isZero() && action.equals(PERSON_SEARCH)) {
            bucket = buckets.computeIfAbsent(
                    account + " search", any -> new Bucket(limits.personSearchesPerMinute(), now));
            wait = bucket.take(now);
        }
        return bucket.after(wait);
    }
}
