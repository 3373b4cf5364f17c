package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.passerelle.eventsourcing.testkit.TestStore;

/** The sum of every counter and the number of its events, folded in memory and written at once. */
class Sums implements Projection {

    /** The same, kept by the appends. */
    static final class Inline extends Sums implements InlineProjection {}

    static void table(TestStore db) {
        db.query(
                "create table sums (stream text primary key collate \"C\", sum bigint not null, events bigint not null)");
        db.query("create index sums_by_sum on sums (sum)");
    }

    @Override
    public String name() {
        return "sums";
    }

    @Override
    public Set<String> tables() {
        return Set.of("sums");
    }

    @Override
    public Set<String> categories() {
        return Set.of("counter");
    }

    /** What an event adds to the sum. */
    long worth(Counter.Event event) {
        return event instanceof Counter.Added added ? added.number() : 0;
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        Map<String, long[]> folded = new TreeMap<>();
        for (StoredEvent stored : events) {
            long[] row = folded.computeIfAbsent(stored.stream().text(), stream -> new long[2]);
            row[0] += worth(Counter.TYPES.decode(stored));
            row[1]++;
        }
        Long[] sums = folded.values().stream().map(row -> row[0]).toArray(Long[]::new);
        Long[] counts = folded.values().stream().map(row -> row[1]).toArray(Long[]::new);
        return tx.preparedQuery(
                        "insert into sums as s (stream, sum, events)"
                                + " select * from unnest($1::text[], $2::bigint[], $3::bigint[])"
                                + " on conflict (stream) do update set sum = s.sum + excluded.sum, events = s.events + excluded.events")
                .execute(Tuple.of(folded.keySet().toArray(String[]::new), sums, counts))
                .replaceWithVoid();
    }
}
