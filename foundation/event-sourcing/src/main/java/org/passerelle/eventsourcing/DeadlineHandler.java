package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;

/**
 * What happens when a deadline of a stream is due. Called inside the transaction that removes the deadline, with the
 * stream locked: its effect happens once. A deadline that no longer matters gives no events; it must not refuse.
 */
public interface DeadlineHandler {

    String category();

    Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due);
}
