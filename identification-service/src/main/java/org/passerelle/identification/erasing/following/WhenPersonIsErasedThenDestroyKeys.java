package org.passerelle.identification.erasing.following;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.passerelle.edge.Erasures;
import org.passerelle.edge.WhenEventsAreLost;
import org.passerelle.eventsourcing.Projection;
import org.passerelle.eventsourcing.Restore;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseStream;

/**
 * Here the keys are destroyed as soon as the erasure has its position in the log. An erasure that a restore lost is done
 * again: it had been published, so others have done it, and the person was told.
 */
@ApplicationScoped
public class WhenPersonIsErasedThenDestroyKeys implements Projection, WhenEventsAreLost {

    private static final String PUBLIC = "passerelle.identification.person-erased.v1";

    @Inject
    Erasures erasures;

    @Inject
    Pool pool;

    @ConfigProperty(name = "passerelle.keys.backup-days", defaultValue = "30")
    int keyBackupDays;

    @Override
    public String name() {
        return "erasures";
    }

    @Override
    public Set<String> tables() {
        return Set.of("erasure");
    }

    @Override
    public Set<String> categories() {
        return Set.of(CaseStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        return Multi.createFrom()
                .iterable(events)
                .onItem()
                .transformToUniAndConcatenate(
                        stored -> CaseStream.TYPES.decode(stored) instanceof CaseEvent.PersonErased erased
                                ? erasures.destroy(
                                        tx,
                                        stored.stream().key(),
                                        erased.erasure().at(),
                                        erased.erasure().finalOn())
                                : Uni.createFrom().voidItem())
                .onItem()
                .ignoreAsUni();
    }

    @Override
    public Uni<Void> follow(List<Restore.Lost> lost) {
        return Multi.createFrom()
                .iterable(lost)
                .filter(event -> event.type().equals(PUBLIC))
                .onItem()
                .transformToUniAndConcatenate(event -> {
                    LocalDate day = LocalDate.ofInstant(event.time(), ZoneOffset.UTC);
                    return erasures.destroy(pool, event.key(), event.time(), day.plusDays(keyBackupDays));
                })
                .onItem()
                .ignoreAsUni();
    }
}
