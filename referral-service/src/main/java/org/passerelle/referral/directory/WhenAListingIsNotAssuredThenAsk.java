package org.passerelle.referral.directory;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
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
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.AssuranceStream.AskToAssure;

/**
 * Organisations are asked to make sure of the listings of their services before these grow too old: a look that sets its
 * next one itself, and sees the directory and the configuration as they are then. It only sets a deadline for each of the
 * organisations, which are asked one by one, each in a transaction of its own. A service without a date counts from when
 * its organisation was listed.
 */
@ApplicationScoped
public class WhenAListingIsNotAssuredThenAsk implements DeadlineHandler {

    /** Organisations found in one look; the next one follows at once where there are more. */
    private static final int PAGE = 200;

    /** One after the other, so that the clocks of needs come between. */
    private static final Duration APART = Duration.ofMillis(20);

    /** An organisation's own deadline, in the stream of what it was asked. */
    private static final String ASK = "ask";

    private static final String STALE = " from directory_service s"
            + " left join assurance_asked a on a.organisation_id = s.organisation_id and a.service_id = s.id"
            + " where s.status = 'active' and (a.asked_at is null or a.asked_at <= $2)"
            + " and coalesce(s.assured_on, (select (e.recorded_at at time zone 'UTC')::date from event e"
            + " where e.stream_id = 'organisation-' || s.organisation_id and e.version = 1)) < $1";

    /** Those that are to be asked already are left to their own deadlines. */
    private static final String WHOSE = "select distinct s.organisation_id" + STALE
            + " and not exists (select 1 from deadline d where d.stream_id = 'assurance-' || s.organisation_id)"
            + " order by s.organisation_id limit $3";

    private static final String WHICH = "select s.id" + STALE + " and s.organisation_id = $3 order by s.id";

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
        OffsetDateTime before = now.minus(trusted).atOffset(ZoneOffset.UTC);
        return name.equals(ASK)
                ? ask(tx, OrganisationId.of(stream.key()), before, now)
                : look(tx, stream, name, before, now);
    }

    private Uni<Void> look(SqlConnection tx, StreamId stream, String name, OffsetDateTime before, Instant now) {
        return tx.preparedQuery(WHOSE)
                .execute(Tuple.of(before.toLocalDate(), before, PAGE))
                .flatMap(rows -> {
                    List<StreamId> stale = new ArrayList<>();
                    rows.forEach(
                            row -> stale.add(AssuranceStream.of(new OrganisationId(row.getUUID("organisation_id")))));
                    Instant next = stale.size() < PAGE ? now.plus(lookEvery) : now;
                    return Deadlines.setUnlessSet(tx, stale, ASK, now, APART)
                            .chain(() -> again(tx, stream, name, next));
                });
    }

    /** What is stale is looked up again: somebody may have made sure of it meanwhile. */
    private Uni<Void> ask(SqlConnection tx, OrganisationId organisation, OffsetDateTime before, Instant now) {
        return tx.preparedQuery(WHICH)
                .execute(Tuple.of(before.toLocalDate(), before, organisation.value()))
                .flatMap(rows -> {
                    List<ServiceId> stale = new ArrayList<>();
                    rows.forEach(row -> stale.add(new ServiceId(row.getUUID("id"))));
                    return store.handleIn(
                            tx,
                            AssuranceStream.KIND,
                            AssuranceStream.of(organisation),
                            new AskToAssure(organisation, stale, trusted, now),
                            Metadata.system("clock"));
                })
                .replaceWithVoid();
    }

    private Uni<Void> again(SqlConnection tx, StreamId stream, String name, Instant next) {
        StreamAppend append =
                new StreamAppend(stream, ExpectedVersion.any(), List.of(), List.of(DeadlineChange.set(name, next)));
        return store.appendIn(tx, new Append(List.of(append), Metadata.system("clock"), null))
                .replaceWithVoid();
    }
}
