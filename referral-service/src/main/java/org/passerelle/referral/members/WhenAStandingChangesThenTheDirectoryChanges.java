package org.passerelle.referral.members;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.directory.DirectoryStream;

/**
 * A suspension takes services out of routing and its end puts them back: for needs that wait, a change of the directory.
 * A deadline of its own, so that the command appends to one stream only and no import of the directory can refuse it.
 */
@ApplicationScoped
public class WhenAStandingChangesThenTheDirectoryChanges implements DeadlineHandler {

    @Inject
    EventStore store;

    @Override
    public String category() {
        return MembershipStream.CATEGORY;
    }

    @Override
    public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
        Append changed = new Append(List.of(DirectoryStream.changed(due)), Metadata.system("membership"), null);
        return store.appendIn(tx, changed).replaceWithVoid();
    }
}
