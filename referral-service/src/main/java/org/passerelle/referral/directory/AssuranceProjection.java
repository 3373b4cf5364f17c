package org.passerelle.referral.directory;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.referral.directory.AssuranceStream.AssuranceAsked;

/** When each organisation was last asked to make sure of each of its services. */
@ApplicationScoped
public class AssuranceProjection implements InlineProjection {

    @Override
    public Set<String> categories() {
        return Set.of(AssuranceStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        List<Tuple> asked = new ArrayList<>();
        for (StoredEvent stored : events) {
            AssuranceAsked event = AssuranceStream.TYPES.decode(stored);
            event.services()
                    .forEach(service -> asked.add(Tuple.of(
                            event.organisation().value(),
                            service.value(),
                            event.at().atOffset(ZoneOffset.UTC))));
        }
        return tx.preparedQuery("insert into assurance_asked (organisation_id, service_id, asked_at)"
                        + " values ($1, $2, $3) on conflict (organisation_id, service_id)"
                        + " do update set asked_at = excluded.asked_at")
                .executeBatch(asked)
                .replaceWithVoid();
    }
}
