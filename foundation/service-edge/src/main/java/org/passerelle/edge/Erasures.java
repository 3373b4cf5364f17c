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
import java.util.Collection;
import java.util.List;
import org.jboss.logging.Logger;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.sealing.DataKeys;

/** The erasures of this service: destroys keys, remembers whose, and does so again where an older backup brought them back. */
@ApplicationScoped
public class Erasures {

    private static final Logger LOG = Logger.getLogger(Erasures.class);
    private static final int PAGE = 1_000;

    @Inject
    DataKeys keys;

    @Inject
    Pool pool;

    @Inject
    EventStore store;

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
     * Destroys the keys of a person; then refuses, with {@code stored-in-the-clear}, where personal fields of these streams
     * lie in the clear from before they were sealed. That is remembered before the refusal: whoever was told of the erasure
     * is not done with it, so that the case waits here for an operator, and its providers are denied it.
     *
     * @param streams all that the service holds of the person
     */
    Uni<Void> destroyAll(
            String subject, Instant erasedAt, LocalDate finalOn, EventTypes<?> types, Collection<StreamId> streams) {
        return destroy(pool, subject, erasedAt, finalOn)
                .chain(() -> store.inTheClear(types, streams))
                .invoke(inTheClear -> {
                    if (!inTheClear.isEmpty()) {
                        LOG.errorf(
                                "%s is erased, but lies in the clear from before fields were sealed: %s",
                                subject, String.join(", ", inTheClear));
                        throw Refusal.of("stored-in-the-clear").conflict();
                    }
                })
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
