package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Set;

/**
 * Keeps a read model true within the append's own transaction, so that a user reads what they just wrote. Writes only
 * rows owned by the streams of the events: others could deadlock.
 */
public interface InlineProjection {

    /** The stream categories it wants. */
    Set<String> categories();

    Uni<Void> apply(SqlConnection tx, List<StoredEvent> events);
}
