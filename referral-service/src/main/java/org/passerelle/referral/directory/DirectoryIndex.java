package org.passerelle.referral.directory;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Kernel;
import org.passerelle.eventsourcing.Loop;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.RoutingIndex;
import org.passerelle.referral.routing.Shortlist;

/**
 * This replica's {@link RoutingIndex}, and the snapshot of the database whose every change of the directory it holds. It
 * may hold later ones too; whoever routes asks in their own transaction whether they see a change that is not in the
 * snapshot ({@link #BEHIND}), and then does without the index. See decision 98.
 */
@ApplicationScoped
public class DirectoryIndex implements Loop.Step {

    /** Whether the snapshot given as $2 lacks a change that this statement sees, or is of a later life of the database. */
    static final String BEHIND = "(exists (select 1 from directory_organisation o"
            + " where o.changed >= pg_snapshot_xmin($2::text::pg_snapshot)"
            + " and not pg_visible_in_snapshot(o.changed, $2::text::pg_snapshot))"
            + " or pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax($2::text::pg_snapshot))";

    private static final String CHANGED = "select id from directory_organisation o where id > $1"
            + " and o.changed >= pg_snapshot_xmin($2::text::pg_snapshot)"
            + " and not pg_visible_in_snapshot(o.changed, $2::text::pg_snapshot) order by id limit $3";
    private static final String SERVICES = "select s.*, o.type as organisation_type from directory_service s"
            + " join directory_organisation o on o.id = s.organisation_id where s.organisation_id = any($1)";
    private static final String SITES =
            "select * from directory_site where organisation_id = any($1) order by location_id";

    /** A snapshot in which nothing had happened yet. */
    private static final String NOTHING = "1:1:";

    private static final Duration IDLE = Duration.ofMillis(500);

    /** Organisations read at a time; their services are some thousands. */
    private static final int PAGE = 500;

    @Inject
    Pool pool;

    @Inject
    Kernel kernel;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private RoutingIndex index = new RoutingIndex();
    private @Nullable Position position;
    private volatile @Nullable Loop loop;

    /** @param life which of the log's lives: after a restore what is in memory may be of a future that never was */
    private record Position(UUID life, String snapshot) {}

    /** @param snapshot whose every change the list takes account of */
    record Listed(Shortlist shortlist, String snapshot) {}

    void start(@Observes @Priority(10_050) StartupEvent started) {
        loop = kernel.run("routing index", IDLE, this);
    }

    /** A hint that the directory changed. */
    void catchUp() {
        Loop running = loop;
        if (running != null) {
            running.nudge();
        }
    }

    /** @return null as long as it was never complete */
    @Nullable
    Listed list(ServiceType type, PlaceCode place, Collection<ServiceId> asked) {
        lock.readLock().lock();
        try {
            return position == null ? null : new Listed(index.shortlist(type, place, asked), position.snapshot());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Takes in what changed; how many organisations. */
    @Override
    public Uni<Integer> step() {
        return pool.query("select epoch, pg_current_snapshot()::text as snapshot from log_head")
                .execute()
                .flatMap(rows -> {
                    Row row = rows.iterator().next();
                    Position now = new Position(row.getUUID("epoch"), row.getString("snapshot"));
                    Position before = position;
                    if (before != null
                            && before.life().equals(now.life())
                            && end(before.snapshot()) <= end(now.snapshot())) {
                        return takeIn(before.snapshot(), new UUID(0, 0), 0).invoke(taken -> complete(now));
                    }
                    forget();
                    return takeIn(NOTHING, new UUID(0, 0), 0).invoke(taken -> complete(now));
                });
    }

    private void forget() {
        lock.writeLock().lock();
        try {
            index = new RoutingIndex();
            position = null;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void complete(Position now) {
        lock.writeLock().lock();
        try {
            position = now;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** One page after the other: what changes meanwhile is not in the new snapshot and comes with the next step. */
    private Uni<Integer> takeIn(String since, UUID after, int taken) {
        return pool.preparedQuery(CHANGED).execute(Tuple.of(after, since, PAGE)).flatMap(rows -> {
            if (rows.size() == 0) {
                return Uni.createFrom().item(taken);
            }
            List<UUID> organisations = new ArrayList<>();
            rows.forEach(row -> organisations.add(row.getUUID("id")));
            Tuple ids = Tuple.of(organisations.toArray(UUID[]::new));
            return pool.preparedQuery(SITES)
                    .execute(ids)
                    .flatMap(sites -> pool.preparedQuery(SERVICES)
                            .execute(ids)
                            .invoke(services -> put(organisations, services, sites)))
                    .chain(() -> takeIn(since, organisations.getLast(), taken + organisations.size()));
        });
    }

    private void put(List<UUID> organisations, RowSet<Row> services, RowSet<Row> sites) {
        Map<OrganisationId, List<Candidate>> given = new HashMap<>();
        organisations.forEach(id -> given.put(new OrganisationId(id), new ArrayList<>()));
        Candidates.listed(services, sites)
                .forEach(candidate -> given.computeIfAbsent(candidate.organisation(), none -> new ArrayList<>())
                        .add(candidate));
        lock.writeLock().lock();
        try {
            given.forEach(index::put);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The first transaction that a snapshot knows nothing of. */
    private static long end(String snapshot) {
        return Long.parseUnsignedLong(snapshot.split(":", 3)[1]);
    }
}
