package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Reads the log and checks it. */
public final class EventLog {

    public static final int MAX_PAGE = 10_000;

    private EventLog() {}

    /**
     * @param after the last position already read, 0 to begin
     * @param limit 1 to {@value #MAX_PAGE}
     */
    public static Uni<List<LogEntry>> read(SqlClient client, long after, int limit) {
        return client.preparedQuery("select l.seq, " + Rows.EVENT_COLUMNS + positions(limit)
                        + " join event e on e.id = l.id order by l.seq")
                .execute(tuple(after))
                .map(rows -> {
                    List<LogEntry> page = new ArrayList<>(rows.size());
                    for (io.vertx.sqlclient.Row row : plain(rows)) {
                        page.add(new LogEntry(row.getLong(0), Rows.event(row, 1)));
                    }
                    return page;
                });
    }

    /**
     * The events of some categories. A page ends at a number of positions looked at, not of events found, so that it is
     * bounded also where a category is rare.
     *
     * @param after      the last position already read, 0 to begin
     * @param positions  1 to {@value #MAX_PAGE}
     * @param categories empty for all
     */
    public static Uni<LogPage> read(SqlClient client, long after, int positions, Set<String> categories) {
        if (categories.isEmpty()) {
            return read(client, after, positions)
                    .map(all -> new LogPage(
                            all, all.isEmpty() ? after : all.getLast().seq()));
        }
        return client.preparedQuery("select l.seq, " + Rows.EVENT_COLUMNS + positions(positions)
                        + " left join event e on e.id = l.id and split_part(e.stream_id, '-', 1) = any ($2)"
                        + " order by l.seq")
                .execute(tuple(after, categories.toArray(String[]::new)))
                .map(rows -> {
                    List<LogEntry> wanted = new ArrayList<>();
                    long upTo = after;
                    for (io.vertx.sqlclient.Row row : plain(rows)) {
                        upTo = row.getLong(0);
                        if (row.getValue(1) != null) {
                            wanted.add(new LogEntry(upTo, Rows.event(row, 1)));
                        }
                    }
                    return new LogPage(wanted, upTo);
                });
    }

    /**
     * The limit is written out: were it a parameter, a cached plan would expect a tenth of the log and read all of it
     * for each page.
     */
    private static String positions(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("a page holds 1 to " + MAX_PAGE);
        }
        return " from (select seq, id from log where seq > $1 order by seq limit " + limit + ") l";
    }

    /** Without a wrapper for every row. */
    @SuppressWarnings("unchecked")
    static Iterable<io.vertx.sqlclient.Row> plain(RowSet<Row> rows) {
        return (io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row>) rows.getDelegate();
    }

    /** This life of the log; part of the source name of what it publishes. */
    public static Uni<UUID> epoch(SqlClient client) {
        return client.query("select epoch from log_head")
                .execute()
                .map(rows -> rows.iterator().next().getUUID("epoch"));
    }

    /**
     * What the log must satisfy at any moment, counted in one snapshot.
     *
     * @param events   committed events
     * @param logged   of them, in the log
     * @param pending  of them, not yet in the log
     * @param lastSeq  the log's head; equals {@code logged} when there is no gap
     * @param streamsWrong streams whose version is not their number of events
     */
    public record Audit(long events, long logged, long pending, long lastSeq, long streamsWrong) {
        public boolean sound() {
            return events == logged + pending && lastSeq == logged && streamsWrong == 0;
        }
    }

    public static Uni<Audit> audit(Pool pool) {
        return pool.query("select (select count(*) from event) as events,"
                        + " (select count(*) from log l join event e on e.id = l.id) as logged,"
                        + " (select count(*) from (" + Sequencer.PENDING
                        + ") p join event e on e.id = p.id) as pending,"
                        + " (select last_seq from log_head) as last_seq,"
                        + " (select count(*) from stream s where s.version <>"
                        + " (select count(*) from event e where e.stream_id = s.id)) as streams_wrong")
                .execute()
                .map(rows -> {
                    var row = rows.iterator().next();
                    return new Audit(
                            row.getLong("events"),
                            row.getLong("logged"),
                            row.getLong("pending"),
                            row.getLong("last_seq"),
                            row.getLong("streams_wrong"));
                });
    }

    /** How far a topic has come. */
    public record Published(String topic, long lastSeq) {}

    /** A case that waits for an operator: its first record that could not be processed, and why. */
    public record Parked(String consumer, String key, long sequence, String type, String reason) {}

    /**
     * @param lastSeq the log's head
     */
    public record Status(long lastSeq, List<Published> published, List<Parked> parked) {}

    public static Uni<Status> status(Pool pool) {
        Uni<List<Published>> published = pool.query("select topic, last_seq from relay_position order by topic")
                .execute()
                .map(rows -> {
                    List<Published> topics = new ArrayList<>();
                    rows.forEach(row -> topics.add(new Published(row.getString("topic"), row.getLong("last_seq"))));
                    return topics;
                });
        Uni<List<Parked>> parked = pool.query(
                        "select distinct on (consumer, source, key) consumer, key, seq, type, reason"
                                + " from parked_record order by consumer, source, key, seq limit 1000")
                .execute()
                .map(rows -> {
                    List<Parked> cases = new ArrayList<>();
                    rows.forEach(row -> cases.add(new Parked(
                            row.getString("consumer"),
                            row.getString("key"),
                            row.getLong("seq"),
                            row.getString("type"),
                            row.getString("reason"))));
                    return cases;
                });
        Uni<Long> head = pool.query("select last_seq from log_head")
                .execute()
                .map(rows -> rows.iterator().next().getLong("last_seq"));
        return Uni.combine().all().unis(head, published, parked).with(Status::new);
    }
}
