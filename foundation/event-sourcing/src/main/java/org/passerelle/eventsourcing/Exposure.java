package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.UUID;

/**
 * What is not yet witnessed, as of one moment: it can still be changed without a trace by whoever has the database
 * and the service's keys.
 *
 * @param epoch     the present life
 * @param lastSeq   the log's head
 * @param witnessed the largest size that a quorum of witnesses has cosigned, or more; 0 for none
 * @param events    committed and not witnessed, those without a position too
 * @param seconds   age of the oldest of them; 0 where there is none
 */
public record Exposure(UUID epoch, long lastSeq, long witnessed, long events, double seconds) {

    /** What is promised: the age stays below. */
    public static final Duration LIMIT = Duration.ofSeconds(60);

    /** @param quorum so many witnesses must have seen what counts as witnessed; at least 1 */
    public static Uni<Exposure> of(Pool pool, int quorum) {
        return pool.preparedQuery("with h as (select last_seq, epoch,"
                        + " coalesce((select w.size from proof_witnessed w where w.epoch = log_head.epoch"
                        + " order by w.size desc offset $1 limit 1), 0) as witnessed from log_head)"
                        + " select h.*, greatest(0, h.last_seq - h.witnessed) + (select count(*) from ("
                        + Sequencer.PENDING + ") p) as events,"
                        + " coalesce(extract(epoch from clock_timestamp() - coalesce("
                        + "(select e.recorded_at from log l join event e on e.id = l.id"
                        + " where l.seq = h.witnessed + 1),"
                        + "(select recorded_at from event where id = (select min(id) from (" + Sequencer.PENDING
                        + ") p)))), 0)::float8 as seconds from h")
                .execute(tuple((long) quorum - 1))
                .map(rows -> {
                    var row = rows.iterator().next();
                    return new Exposure(
                            row.getUUID("epoch"),
                            row.getLong("last_seq"),
                            row.getLong("witnessed"),
                            row.getLong("events"),
                            row.getDouble("seconds"));
                });
    }
}
