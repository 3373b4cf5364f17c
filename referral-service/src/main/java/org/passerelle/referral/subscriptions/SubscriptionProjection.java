package org.passerelle.referral.subscriptions;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.referral.subscriptions.SubscriptionStream.SubscriptionOpened;

/** Subscriptions as a table; the topic of a new one begins at the head of the log. */
@ApplicationScoped
public class SubscriptionProjection implements InlineProjection {

    @Override
    public Set<String> categories() {
        return Set.of(SubscriptionStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        return InlineProjection.oneByOne(events, stored -> switch (SubscriptionStream.TYPES.decode(stored)) {
            case SubscriptionOpened opened -> opened(tx, opened);
        });
    }

    private static Uni<Void> opened(SqlConnection tx, SubscriptionOpened opened) {
        return tx.preparedQuery("insert into subscription (id, organisation_id, name, opened_at, start_seq)"
                        + " select $1, $2, $3, $4, last_seq from log_head")
                .execute(Tuple.of(
                        opened.id().value(),
                        opened.organisation().value(),
                        opened.name(),
                        opened.at().atOffset(ZoneOffset.UTC)))
                .chain(() -> tx.preparedQuery(
                                "insert into relay_position (topic, last_seq) select $1, last_seq from log_head")
                        .execute(Tuple.of(SubscriptionStream.topic(opened.id()))))
                .replaceWithVoid();
    }
}
