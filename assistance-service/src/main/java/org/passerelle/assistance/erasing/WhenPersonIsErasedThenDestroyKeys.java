package org.passerelle.assistance.erasing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.passerelle.assistance.plan.Plans;
import org.passerelle.edge.Erasures;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.IncomingEvent;

/** A person is erased: notes of what was done for them can be read no more. */
@ApplicationScoped
public class WhenPersonIsErasedThenDestroyKeys implements Effect {

    @Inject
    Erasures erasures;

    @Override
    public String consumer() {
        return "assistance.erasure";
    }

    @Override
    public String topic() {
        return "passerelle.identification";
    }

    @Override
    public Set<String> types() {
        return Set.of("passerelle.identification.person-erased.v1");
    }

    @Override
    public boolean decidesAccess() {
        return true;
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        Instant erasedAt = Instant.parse(event.data().path("erasedAt").asText());
        LocalDate finalOn = LocalDate.parse(event.data().path("finalOn").asText());
        return erasures.destroyAll(
                event.subject(), erasedAt, finalOn, Plans.TYPES, List.of(Plans.KIND.stream(event.subject())));
    }
}
