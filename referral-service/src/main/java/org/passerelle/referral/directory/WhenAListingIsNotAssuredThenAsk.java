package org.passerelle.referral.directory;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.AssuranceStream.AskToAssure;

/**
 * Organisations are asked to make sure of the listings of their services before these grow too old: a look that sets its
 * next one itself, and sees the directory and the configuration as they are then. A service without a date counts from
 * when its organisation was listed.
 */
@ApplicationScoped
public class WhenAListingIsNotAssuredThenAsk implements DeadlineHandler {

    /** Organisations asked in one transaction. */
    private static final int PAGE = 20;

    private static final String STALE = "select s.organisation_id, array_agg(s.id) as services from directory_service s"
            + " left join assurance_asked a on a.organisation_id = s.organisation_id and a.service_id = s.id"
            + " where s.status = 'active' and (a.asked_at is null or a.asked_at <= $2)"
            + " and coalesce(s.assured_on, (select (e.recorded_at at time zone 'UTC')::date from event e"
            + " where e.stream_id = 'organisation-' || s.organisation_id and e.version = 1)) < $1"
            + " group by s.organisation_id order by s.organisation_id limit $3";

    @Inject
    EventStore store;

    @Inject
    Clock clock;

    /** How long a listing is taken at its word, and how long after a reminder the next one comes. */
    @ConfigProperty(name = "passerelle.assurance.trusted")
    Duration trusted;

    /** How often it is looked whose listings have grown too old. */
    @ConfigProperty(name = "passerelle.assurance.look-every")
    Duration lookEvery;

    @Override
    public String category() {
        return AssuranceStream.CATEGORY;
    }

    @Override
    public Uni<Void> due(SqlConnection tx, StreamId stream, String name, Instant due) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant before = now.minus(trusted);
        return tx.preparedQuery(STALE)
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC).toLocalDate(), before.atOffset(ZoneOffset.UTC), PAGE))
                .flatMap(rows -> {
                    List<AskToAssure> stale = new ArrayList<>();
                    rows.forEach(row -> stale.add(new AskToAssure(
                            new OrganisationId(row.getUUID("organisation_id")),
                            Arrays.stream(row.getArrayOfUUIDs("services"))
                                    .map(ServiceId::new)
                                    .toList(),
                            trusted,
                            now)));
                    Instant next = stale.size() < PAGE ? now.plus(lookEvery) : now;
                    return Multi.createFrom()
                            .iterable(stale)
                            .onItem()
                            .transformToUniAndConcatenate(one -> store.handleIn(
                                    tx,
                                    AssuranceStream.KIND,
                                    AssuranceStream.of(one.organisation()),
                                    one,
                                    Metadata.system("clock")))
                            .collect()
                            .last()
                            .chain(() -> again(tx, stream, name, next));
                });
    }

    private Uni<Void> again(SqlConnection tx, StreamId stream, String name, Instant next) {
        StreamAppend append =
                new StreamAppend(stream, ExpectedVersion.any(), List.of(), List.of(DeadlineChange.set(name, next)));
        return store.appendIn(tx, new Append(List.of(append), Metadata.system("clock"), null))
                .replaceWithVoid();
    }
}
