package org.passerelle.assistance.followingup;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import org.passerelle.assistance.plan.FollowUpId;
import org.passerelle.assistance.plan.PlanCommand.NoteFollowUpDue;
import org.passerelle.assistance.plan.Plans;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamId;

/** The deadline of a follow-up, named by its id. */
@ApplicationScoped
public class WhenFollowUpIsDueThenSaySo implements DeadlineHandler {

    private final EventStore store;

    @Inject
    public WhenFollowUpIsDueThenSaySo(EventStore store) {
        this.store = store;
    }

    @Override
    public String category() {
        return Plans.KIND.category();
    }

    @Override
    public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
        return store.handleIn(
                        tx,
                        Plans.KIND,
                        stream,
                        new NoteFollowUpDue(FollowUpId.of(name)),
                        Metadata.system("following-up"))
                .replaceWithVoid();
    }
}
