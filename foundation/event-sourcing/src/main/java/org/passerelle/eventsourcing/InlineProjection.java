package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Keeps a read model true within the append's own transaction, so that a user reads what they just wrote. Writes only
 * rows owned by the streams of the events: others could deadlock.
 */
public interface InlineProjection {

    /** The stream categories it wants. */
    Set<String> categories();

    Uni<Void> apply(SqlConnection tx, List<StoredEvent> events);

    /** For a projection that need not see the events together: one after the other, in their order. */
    static Uni<Void> oneByOne(List<StoredEvent> events, Function<StoredEvent, Uni<? extends Void>> one) {
        return Multi.createFrom()
                .iterable(events)
                .onItem()
                .transformToUniAndConcatenate(one)
                .onItem()
                .ignoreAsUni();
    }
}
