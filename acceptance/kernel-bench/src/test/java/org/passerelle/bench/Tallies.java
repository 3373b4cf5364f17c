package org.passerelle.bench;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.passerelle.eventsourcing.Projection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.eventsourcing.testkit.TestStore;

/** The sum of every tally: each event is decoded, each stream is one row, a page is one statement. */
final class Tallies implements Projection {

    static void table(TestStore db) {
        db.query("create table tallies (stream text primary key collate \"C\", sum bigint not null,"
                + " events bigint not null)");
    }

    @Override
    public String name() {
        return "tallies";
    }

    @Override
    public Set<String> tables() {
        return Set.of("tallies");
    }

    @Override
    public Set<String> categories() {
        return Set.of(Tally.KIND.category());
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        Map<String, long[]> folded = new TreeMap<>();
        for (StoredEvent stored : events) {
            long[] row = folded.computeIfAbsent(stored.stream().key(), stream -> new long[2]);
            row[0] += Tally.TYPES.decode(stored).number();
            row[1]++;
        }
        Long[] sums = folded.values().stream().map(row -> row[0]).toArray(Long[]::new);
        Long[] counts = folded.values().stream().map(row -> row[1]).toArray(Long[]::new);
        return tx.preparedQuery("insert into tallies as t (stream, sum, events)"
                        + " select * from unnest($1::text[], $2::bigint[], $3::bigint[]) on conflict (stream)"
                        + " do update set sum = t.sum + excluded.sum, events = t.events + excluded.events")
                .execute(Tuple.of(folded.keySet().toArray(String[]::new), sums, counts))
                .replaceWithVoid();
    }
}
