package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.UUID;

/**
 * Who leads. Held for {@value #SECONDS} s by the database's clock and renewed well before. A leader that was paused and
 * wakes finds its term gone: every transaction of a leader calls {@link #check}, which also keeps a successor from
 * taking over until that transaction has ended.
 */
final class Lease {

    static final int SECONDS = 3;
    private static final long RENEW_AFTER_NANOS = 1_000_000_000L;

    /** One row where the lease is held by $2 in the term $3; keeps a successor off until the transaction has ended. */
    static final String HELD = "select 1 from lease where name = $1 and holder = $2 and term = $3"
            + " and expires_at > clock_timestamp() for share";

    private final Pool pool;
    private final String name;
    private final UUID holder = UUID.randomUUID();
    private volatile long term;
    private long renewedAt;

    Lease(Pool pool, String name) {
        this.pool = pool;
        this.name = name;
    }

    /** The lease was lost; another process leads. */
    static final class Lost extends RuntimeException {
        Lost() {
            super("the lease was lost", null, false, false);
        }
    }

    /** Whether this process leads, after taking or renewing the lease where that is possible. */
    Uni<Boolean> hold() {
        if (term > 0 && System.nanoTime() - renewedAt < RENEW_AFTER_NANOS) {
            return Uni.createFrom().item(true);
        }
        long asked = System.nanoTime();
        return pool.preparedQuery("insert into lease as l (name, holder, term, expires_at)"
                        + " values ($1, $2, 1, clock_timestamp() + make_interval(secs => " + SECONDS + "))"
                        + " on conflict (name) do update set holder = $2,"
                        + " term = l.term + case when l.holder = $2 then 0 else 1 end,"
                        + " expires_at = clock_timestamp() + make_interval(secs => " + SECONDS + ")"
                        // A lease that ends later than any can was given by a clock that has been set back since.
                        + " where l.holder = $2 or l.expires_at < clock_timestamp()"
                        + " or l.expires_at > clock_timestamp() + make_interval(secs => 2 * " + SECONDS + ")"
                        + " returning term")
                .execute(tuple(name, holder))
                .map(rows -> {
                    var row = rows.iterator();
                    term = row.hasNext() ? row.next().getLong("term") : 0;
                    renewedAt = asked;
                    return term > 0;
                });
    }

    /** The term of this holder; 0 while it does not lead. Higher after somebody else has led. */
    long term() {
        return term;
    }

    /**
     * Fails with {@link Lost} unless the lease is ours; holds a successor off until the transaction ends. A leader that
     * is paused in the middle holds it off too, but no longer than {@value #SECONDS} s: then the database ends its
     * transaction, as the lease has ended.
     */
    Uni<Void> check(SqlConnection tx) {
        return tx.preparedQuery("select set_config('idle_in_transaction_session_timeout', '" + SECONDS + "s', true)"
                        + " from lease where name = $1 and holder = $2 and term = $3"
                        + " and expires_at > clock_timestamp() for share")
                .execute(tuple(name, holder, term))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw lost();
                    }
                    return null;
                });
    }

    /** To be called by a leader whose own statement has found the lease gone. */
    Lost lost() {
        term = 0;
        return new Lost();
    }

    String name() {
        return name;
    }

    UUID holder() {
        return holder;
    }

    /** Lets a successor begin at once, at an orderly stop. */
    Uni<Void> release() {
        return pool.preparedQuery(
                        "update lease set expires_at = clock_timestamp() where name = $1 and holder = $2 and term = $3")
                .execute(tuple(name, holder, term))
                .replaceWithVoid();
    }
}
