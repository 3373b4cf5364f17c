package org.passerelle.referral.proposing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.proposing.ProposalStream.ProposalCommand.NoteUnanswered;
import org.passerelle.referral.referring.ClosedCases;

/** A proposal that waits is told to the sender, their supervisor, the coordination. */
@ApplicationScoped
public class WhenAProposalIsNotAnsweredThenTell implements DeadlineHandler {

    @Inject
    EventStore store;

    @Inject
    ClosedCases cases;

    @Inject
    Clock clock;

    @Override
    public String category() {
        return ProposalStream.CATEGORY;
    }

    @Override
    public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        // Deadlines go by the database's clock; by one that is behind it there would still be time.
        Instant at = now.isBefore(due) ? due : now;
        return store.loadIn(tx, ProposalStream.KIND, stream)
                .flatMap(loaded -> cases.closed(
                        tx,
                        Objects.requireNonNull(loaded.state().made()).about().caseCode()))
                .flatMap(closed -> store.handleIn(
                        tx, ProposalStream.KIND, stream, new NoteUnanswered(closed, at), Metadata.system("clock")))
                .replaceWithVoid();
    }
}
