package org.passerelle.edge;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.eventsourcing.sealing.DataKeys;

/** The erasures of this service: destroys keys, remembers whose, and does so again where an older backup brought them back. */
@ApplicationScoped
public class Erasures {

    private static final int PAGE = 1_000;

    @Inject
    DataKeys keys;

    @Inject
    Pool pool;

    /**
     * Destroys the keys of a person. Once more changes nothing.
     *
     * @param tx the transaction of whoever was told of it: rolled back, the keys are gone all the same
     */
    public Uni<Void> destroy(SqlClient tx, String subject, Instant erasedAt, LocalDate finalOn) {
        return keys.destroy(subject)
                .chain(() -> tx.preparedQuery("insert into erasure (subject, erased_at, final_on) values ($1, $2, $3)"
                                + " on conflict do nothing")
                        .execute(Tuple.of(subject, erasedAt.atOffset(ZoneOffset.UTC), finalOn)))
                .replaceWithVoid();
    }

    /**
     * Destroys again whatever should be gone.
     *
     * @return of how many persons keys had come back
     */
    public Uni<Integer> replay() {
        return replay("", 0);
    }

    private Uni<Integer> replay(String after, int before) {
        return pool.preparedQuery("select subject from erasure where subject > $1 order by subject limit " + PAGE)
                .execute(Tuple.of(after))
                .flatMap(rows -> {
                    List<String> page = new ArrayList<>();
                    rows.forEach(row -> page.add(row.getString("subject")));
                    if (page.isEmpty()) {
                        return Uni.createFrom().item(before);
                    }
                    return keys.notDestroyed(page)
                            .onItem()
                            .transformToMulti(back -> Multi.createFrom().iterable(back))
                            .onItem()
                            .transformToUniAndConcatenate(keys::destroy)
                            .collect()
                            .asList()
                            .flatMap(destroyed -> replay(page.getLast(), before + destroyed.size()));
                });
    }
}
