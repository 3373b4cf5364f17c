package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How far everything lags behind, as one database tells; the same on every replica. Ages in seconds.
 *
 * @param pending        committed events without a position
 * @param pendingAge     of the oldest of them, 0 where there is none
 * @param lastSeq        the log's head
 * @param relays         by topic
 * @param parked         by consumer; those without waiting cases are missing
 * @param deadlineAge    by how long the earliest deadline is overdue
 * @param leases         by name
 */
public record Lags(
        long pending,
        double pendingAge,
        long lastSeq,
        List<RelayLag> relays,
        List<Parked> parked,
        double deadlineAge,
        List<Held> leases) {

    /**
     * @param entries log entries that the relay has not passed yet
     * @param age     of the oldest of them
     */
    public record RelayLag(String topic, long entries, double age) {}

    /**
     * @param cases   that wait for an operator
     * @param age     of the one that waits longest
     * @param waiting cases that wait for a fact from another topic
     * @param waitAge of the one that waits longest
     */
    public record Parked(String consumer, long cases, double age, long waiting, double waitAge) {}

    /** @param expiresIn negative once it has run out: nobody leads */
    public record Held(String name, long term, double expiresIn) {}

    private static final String AGE = "coalesce(extract(epoch from clock_timestamp() - %s), 0)::float8";

    public static Uni<Lags> of(Pool pool) {
        return Uni.combine()
                .all()
                .unis(
                        pool.query("select (select count(*) from (" + Sequencer.PENDING + ") p) as pending, "
                                        + AGE.formatted(
                                                "(select recorded_at from event where id = (select min(id) from ("
                                                        + Sequencer.PENDING + ") p))")
                                        + " as pending_age, (select last_seq from log_head) as last_seq, greatest(0, "
                                        + AGE.formatted("(select min(due_at) from deadline)") + ") as deadline_age")
                                .execute(),
                        pool.query("select r.topic, h.last_seq - r.last_seq as entries, "
                                        + AGE.formatted("(select e.recorded_at from log l join event e on e.id = l.id"
                                                + " where l.seq = r.last_seq + 1)")
                                        + " as age from relay_position r cross join log_head h order by r.topic")
                                .execute(),
                        pool.query("select consumer, count(*) filter (where not waiting) as cases, "
                                        + AGE.formatted("min(parked_at) filter (where not waiting)") + " as age,"
                                        + " count(*) filter (where waiting) as waiting, "
                                        + AGE.formatted("min(parked_at) filter (where waiting)") + " as wait_age"
                                        + " from (select distinct on (consumer, key) consumer, waiting, parked_at"
                                        + " from parked_record order by consumer, key, number) first group by consumer")
                                .execute(),
                        pool.query("select name, term,"
                                        + " extract(epoch from expires_at - clock_timestamp())::float8 as expires_in"
                                        + " from lease order by name")
                                .execute())
                .with((store, relays, parked, leases) -> {
                    Row row = store.iterator().next();
                    return new Lags(
                            row.getLong("pending"),
                            row.getDouble("pending_age"),
                            row.getLong("last_seq"),
                            all(
                                    relays,
                                    one -> new RelayLag(
                                            one.getString("topic"), one.getLong("entries"), one.getDouble("age"))),
                            all(
                                    parked,
                                    one -> new Parked(
                                            one.getString("consumer"),
                                            one.getLong("cases"),
                                            one.getDouble("age"),
                                            one.getLong("waiting"),
                                            one.getDouble("wait_age"))),
                            row.getDouble("deadline_age"),
                            all(
                                    leases,
                                    one -> new Held(
                                            one.getString("name"), one.getLong("term"), one.getDouble("expires_in"))));
                });
    }

    private static <T> List<T> all(Iterable<Row> rows, Function<Row, T> read) {
        List<T> found = new ArrayList<>();
        rows.forEach(row -> found.add(read.apply(row)));
        return found;
    }
}
