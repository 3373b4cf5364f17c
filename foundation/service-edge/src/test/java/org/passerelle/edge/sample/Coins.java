package org.passerelle.edge.sample;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import org.passerelle.eventsourcing.Projection;
import org.passerelle.eventsourcing.StoredEvent;

/** How many coins of each colour lie in all jars; some milliseconds late. */
@ApplicationScoped
public class Coins implements Projection {

    @Override
    public String name() {
        return "coins";
    }

    @Override
    public Set<String> tables() {
        return Set.of("coins");
    }

    @Override
    public Set<String> categories() {
        return Set.of(Jar.KIND.category());
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        String[] colours = events.stream()
                .map(stored -> ((Jar.CoinAdded) Jar.KIND.types().decode(stored)).colour())
                .toArray(String[]::new);
        return tx.preparedQuery("insert into coins as c (colour, count)"
                        + " select colour, count(*) from unnest($1::text[]) as u (colour) group by colour order by colour"
                        + " on conflict (colour) do update set count = c.count + excluded.count")
                .execute(Tuple.of((Object) colours))
                .replaceWithVoid();
    }
}
