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
import org.passerelle.identification.arriving.ArrivalCommand.TellOfArrival;
import org.passerelle.identification.arriving.ArrivalStream;

/** Of an arrival that the desk does not answer somebody is told; after its time it waits no longer. */
@ApplicationScoped
public class WhenAnArrivalWaitsThenTellAndEndIt implements DeadlineHandler {

    @Inject
    EventStore store;

    @Override
    public String category() {
        return ArrivalStream.CATEGORY;
    }

    @Override
    public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
        Instant now = WhenAHandOverRunsOutThenEndIt.notBefore(due);
        return store.handleIn(
                        tx,
                        ArrivalStream.KIND,
                        stream,
                        name.equals(ArrivalStream.REMINDER) ? new TellOfArrival(now) : new EndArrival(now),
                        Metadata.system("clock"))
                .replaceWithVoid();
    }
}
