package org.passerelle.referral.investigating;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.investigating.InvestigationCommand.NoteSilence;
import org.passerelle.referral.referring.About;
import org.passerelle.referral.referring.ClosedCases;
import org.passerelle.referral.referring.Countries;

/** An investigation of which nothing is heard is told to the police, their supervisor, the coordination. */
@ApplicationScoped
public class WhenThePoliceAreSilentThenTell implements DeadlineHandler {

    @Inject
    EventStore store;

    @Inject
    Countries countries;

    @Inject
    ClosedCases cases;

    @Inject
    Clock clock;

    @Override
    public String category() {
        return InvestigationStream.CATEGORY;
    }

    @Override
    public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant at = now.isBefore(due) ? due : now;
        return store.loadIn(tx, InvestigationStream.KIND, stream).flatMap(loaded -> {
            About about = Objects.requireNonNull(loaded.state().about());
            Duration silence = countries.of(about.place()).offers().report();
            OrganisationId police = Objects.requireNonNull(loaded.state().police());
            return cases.closed(tx, about.caseCode())
                    .flatMap(closed -> withheld(tx, about, police)
                            .flatMap(withheld -> store.handleIn(
                                    tx,
                                    InvestigationStream.KIND,
                                    stream,
                                    new NoteSilence(silence, closed, withheld, at),
                                    Metadata.system("clock"))))
                    .replaceWithVoid();
        });
    }

    private static Uni<Boolean> withheld(SqlConnection tx, About about, OrganisationId police) {
        return tx.preparedQuery("select is_withheld($1, $2) or is_withheld_from_authorities($1) as withheld")
                .execute(Tuple.of(about.caseCode().value(), police.value()))
                .map(rows -> rows.iterator().next().getBoolean("withheld"));
    }
}
