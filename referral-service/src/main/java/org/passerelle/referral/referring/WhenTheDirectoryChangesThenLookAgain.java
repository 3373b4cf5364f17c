package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.Deadlines;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.directory.DirectoryStream;

/**
 * After a change of the directory every need that waits for a service gets a moment at which it is routed again: the most
 * pressing first, a page at a time, and so far apart that offers still expire on time meanwhile. A need that has such a
 * moment already keeps it: it will see the directory as it is then.
 */
@ApplicationScoped
public class WhenTheDirectoryChangesThenLookAgain implements DeadlineHandler {

    private static final String AFTER = "after:";

    @Inject
    EventStore store;

    @ConfigProperty(name = "passerelle.looking-again.page")
    int page;

    @ConfigProperty(name = "passerelle.looking-again.apart")
    Duration apart;

    /** Where the page before ended. */
    private record Position(OffsetDateTime dueAt, UUID referral) {

        static final Position START = new Position(Instant.EPOCH.atOffset(ZoneOffset.UTC), new UUID(0, 0));

        static Position of(String name) {
            if (!name.startsWith(AFTER)) {
                return START;
            }
            String[] parts = name.substring(AFTER.length()).split(" ", 2);
            return new Position(OffsetDateTime.parse(parts[0]), UUID.fromString(parts[1]));
        }

        @Override
        public String toString() {
            return AFTER + dueAt + " " + referral;
        }
    }

    @Override
    public String category() {
        return DirectoryStream.CHANGES;
    }

    @Override
    public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
        Position from = Position.of(name);
        return tx.preparedQuery("select referral_id, due_at from referral_view where state in ('waiting', 'gap')"
                        + " and (due_at, referral_id) > ($1, $2) order by due_at, referral_id limit $3")
                .execute(Tuple.of(from.dueAt(), from.referral(), page))
                .flatMap(rows -> {
                    List<Position> found = new ArrayList<>();
                    for (Row row : rows) {
                        found.add(new Position(row.getOffsetDateTime("due_at"), row.getUUID("referral_id")));
                    }
                    List<StreamId> waiting = found.stream()
                            .map(one -> ReferralStream.of(new ReferralId(one.referral())))
                            .toList();
                    Uni<Void> moments = Deadlines.setUnlessSet(tx, waiting, ReferralStream.LOOK_AGAIN, due, apart);
                    return found.size() < page ? moments : moments.chain(() -> goOn(tx, stream, found.getLast(), due));
                });
    }

    private Uni<Void> goOn(SqlConnection tx, StreamId stream, Position last, Instant due) {
        DeadlineChange next = DeadlineChange.set(last.toString(), due.plus(apart.multipliedBy(page)));
        StreamAppend append = new StreamAppend(stream, ExpectedVersion.any(), List.of(), List.of(next));
        return store.appendIn(tx, new Append(List.of(append), Metadata.system("directory"), null))
                .replaceWithVoid();
    }
}
