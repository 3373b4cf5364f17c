package org.passerelle.identification.exchange.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.identification.casefile.CaseCommand.EndHandOver;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.handingover.HandOver;

/** A hand-over that nobody decided on within its time is over, whether it was sent, carried or never fetched. */
@ApplicationScoped
public class WhenAHandOverRunsOutThenEndIt implements DeadlineHandler {

    @Inject
    EventStore store;

    @Override
    public String category() {
        return CaseStream.CATEGORY;
    }

    @Override
    public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
        return HandOver.ofDeadline(name)
                .map(id -> store.handleIn(
                                tx,
                                CaseStream.KIND,
                                stream,
                                new EndHandOver(id, HandOver.Stop.EXPIRED, notBefore(due)),
                                Metadata.system("clock"))
                        .replaceWithVoid())
                .orElseThrow(() -> new IllegalStateException("no such deadline of a case"));
    }

    /** Deadlines go by the database's clock, which may be ahead of this one. */
    static Instant notBefore(Instant due) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return now.isBefore(due) ? due : now;
    }
}
