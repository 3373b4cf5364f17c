package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How far one consumer has come with some cases, locked for a transaction. Rows are locked in one order everywhere. */
final class Positions {

    /** A case of a source. */
    record Place(String key, String source) implements Comparable<Place> {
        static Place of(IncomingEvent event) {
            return new Place(event.key(), event.source());
        }

        @Override
        public int compareTo(Place other) {
            int byKey = key.compareTo(other.key);
            return byKey == 0 ? source.compareTo(other.source) : byKey;
        }
    }

    private final String consumer;
    private final Map<Place, Long> lastSeqs = new HashMap<>();
    private final Set<String> parked = new HashSet<>();
    private final Set<Place> moved = new TreeSet<>();

    private Positions(String consumer) {
        this.consumer = consumer;
    }

    /** Makes the rows that are missing and locks all of these cases, those of other epochs too. */
    static Uni<Positions> lock(SqlConnection tx, String consumer, Collection<IncomingEvent> events) {
        TreeSet<Place> places = places(events);
        return lock(
                tx,
                consumer,
                places.stream().map(Place::key).toArray(String[]::new),
                places.stream().map(Place::source).toArray(String[]::new));
    }

    /** What is written down of these cases, without a lock: at least what is true by now. */
    static Uni<Positions> glance(SqlClient client, String consumer, Collection<IncomingEvent> events) {
        List<Place> places = List.copyOf(places(events));
        return client.preparedQuery("select u.key, u.source, p.last_seq, p.parked"
                        + " from unnest($2::text[], $3::text[]) u (key, source)"
                        // A limit, so that each is looked up, whatever the statistics say.
                        + " cross join lateral (select last_seq, parked from consumer_position"
                        + " where consumer = $1 and key = u.key and source = u.source limit 1) p")
                .execute(Tuple.of(
                        consumer,
                        places.stream().map(Place::key).toArray(String[]::new),
                        places.stream().map(Place::source).toArray(String[]::new)))
                .map(rows -> found(consumer, rows));
    }

    private static TreeSet<Place> places(Collection<IncomingEvent> events) {
        return events.stream().map(Place::of).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Locks what rows there are of a case. */
    static Uni<Positions> lock(SqlConnection tx, String consumer, String key) {
        return lock(tx, consumer, new String[] {key}, new String[] {null});
    }

    private static Uni<Positions> lock(SqlConnection tx, String consumer, String[] keys, @Nullable String[] sources) {
        return tx.preparedQuery("select key, source, last_seq, parked from lock_positions($1, $2, $3)")
                .execute(Tuple.of(consumer, keys, sources))
                .map(rows -> found(consumer, rows));
    }

    private static Positions found(String consumer, RowSet<Row> rows) {
        Positions positions = new Positions(consumer);
        rows.forEach(row -> {
            String key = row.getString("key");
            positions.lastSeqs.put(new Place(key, row.getString("source")), row.getLong("last_seq"));
            if (row.getBoolean("parked")) {
                positions.parked.add(key);
            }
        });
        return positions;
    }

    boolean seen(IncomingEvent event) {
        return event.sequence() <= lastSeqs.getOrDefault(Place.of(event), 0L);
    }

    /** Whether the case waits, under whatever epoch. */
    boolean parked(String key) {
        return parked.contains(key);
    }

    void moveTo(IncomingEvent event) {
        lastSeqs.put(Place.of(event), event.sequence());
        moved.add(Place.of(event));
    }

    /** Writes what was moved. */
    Uni<Void> save(SqlConnection tx) {
        if (moved.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<Place> places = new ArrayList<>(moved);
        return tx.preparedQuery("select move_positions($1, $2, $3, $4)")
                .execute(Tuple.of(
                        consumer,
                        places.stream().map(Place::key).toArray(String[]::new),
                        places.stream().map(Place::source).toArray(String[]::new),
                        places.stream()
                                .map(place -> lastSeqs.getOrDefault(place, 0L))
                                .toArray(Long[]::new)))
                .replaceWithVoid();
    }

    Uni<Void> park(SqlConnection tx, IncomingEvent event) {
        return tx.preparedQuery("update consumer_position set parked = true"
                        + " where consumer = $1 and key = $2 and source = $3")
                .execute(tuple(consumer, event.key(), event.source()))
                .replaceWithVoid();
    }

    static Uni<Void> resume(SqlConnection tx, String consumer, String key) {
        return tx.preparedQuery(
                        "update consumer_position set parked = false where consumer = $1 and key = $2 and parked")
                .execute(tuple(consumer, key))
                .replaceWithVoid();
    }
}
