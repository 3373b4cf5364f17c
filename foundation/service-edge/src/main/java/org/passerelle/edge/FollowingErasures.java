package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.StreamId;

/**
 * A person is erased: what this service has sealed of them can be read no more. A service that seals something declares a
 * bean of this. A consumer of its own, so that nothing holds an erasure back.
 */
public abstract class FollowingErasures implements Effect {

    @Inject
    Erasures erasures;

    private final EventTypes<?> types;

    /** @param types of the streams that hold something personal */
    protected FollowingErasures(EventTypes<?> types) {
        this.types = types;
    }

    /** All streams of this service that hold something of the person. */
    protected abstract Uni<List<StreamId>> streams(SqlConnection tx, String caseCode);

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
        return streams(tx, event.subject())
                .chain(streams -> erasures.destroyAll(event.subject(), erasedAt, finalOn, types, streams));
    }
}
