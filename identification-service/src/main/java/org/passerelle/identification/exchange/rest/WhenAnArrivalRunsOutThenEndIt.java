package org.passerelle.identification.exchange.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.identification.arriving.ArrivalCommand.EndArrival;
import org.passerelle.identification.arriving.ArrivalStream;

/** An arrival that the desk has not answered within its time waits no longer. */
@ApplicationScoped
public class WhenAnArrivalRunsOutThenEndIt implements DeadlineHandler {

    @Inject
    EventStore store;

    @Override
    public String category() {
        return ArrivalStream.CATEGORY;
    }

    @Override
    public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
        return store.handleIn(
                        tx,
                        ArrivalStream.KIND,
                        stream,
                        new EndArrival(WhenAHandOverRunsOutThenEndIt.notBefore(due)),
                        Metadata.system("clock"))
                .replaceWithVoid();
    }
}
