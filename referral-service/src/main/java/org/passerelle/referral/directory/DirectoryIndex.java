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
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Kernel;
import org.passerelle.eventsourcing.Loop;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.routing.RoutingIndex;
import org.passerelle.referral.routing.Shortlist;

/**
 * This replica's {@link RoutingIndex}, and the snapshot of the database whose every change of the directory it holds. It
 * may hold later ones too; whoever routes asks in their own transaction whether they see a change that is not in the
 * snapshot ({@link #BEHIND}), and then does without the index. See decision 98.
 */
@ApplicationScoped
public class DirectoryIndex implements Loop.Step {

    /** In which life of the database transactions are counted; null after a crash, until an index notes the next. */
    private static final String LIFE = "(select life || ' ' || xmin from directory_index_life)";

    /** Whether the snapshot given as $2, of the life $5, lacks a change that this statement sees, or is of another life. */
    static final String BEHIND = "(exists (select 1 from directory_organisation o"
            + " where o.changed >= pg_snapshot_xmin($2::text::pg_snapshot)"
            + " and not pg_visible_in_snapshot(o.changed, $2::text::pg_snapshot))"
            + " or pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax($2::text::pg_snapshot)"
            + " or (" + LIFE + " = $5) is not true)";

    private static final String NOW =
            "select epoch, pg_current_snapshot()::text as snapshot, " + LIFE + " as life from log_head";

    /** After a logical copy into a cluster that has not counted so far yet: the trigger gives the entry an id of this one. */
    private static final String HEAL = "update directory_organisation set name = name"
            + " where changed >= pg_snapshot_xmax(pg_current_snapshot())";

    private static final String BEGIN_LIFE = "insert into directory_index_life default values on conflict do nothing";
    private static final String COUNT = "select count(*) as services from directory_service";

    private static final String CHANGED = "select id from directory_organisation o where id > $1"
            + " and o.changed >= pg_snapshot_xmin($2::text::pg_snapshot)"
            + " and not pg_visible_in_snapshot(o.changed, $2::text::pg_snapshot) order by id limit $3";
    /** All that the organisations $1 give. */
    static final String SERVICES = "select s.*, o.type as organisation_type, " + Candidates.POLICING
            + " from directory_service s join directory_organisation o on o.id = s.organisation_id"
            + " where s.organisation_id = any($1) order by s.organisation_id, s.id";

    static final String SITES =
            "select * from directory_site_shown where organisation_id = any($1) order by location_id";

    /** Those, and whoever lists a location of theirs: it is confidential for all where it is for one. */
    private static final String SHARING = "select unnest($1::uuid[]) as id union select t.organisation_id"
            + " from directory_site t where t.location_id in (select location_id from directory_site"
            + " where organisation_id = any($1) union select location_id from directory_confidential"
            + " where organisation_id = any($1))";

    /** A snapshot in which nothing had happened yet. */
    private static final String NOTHING = "1:1:";

    private static final Logger LOG = Logger.getLogger(DirectoryIndex.class);

    private static final UUID FIRST = new UUID(0, 0);

    private static final Duration IDLE = Duration.ofMillis(500);

    /** Organisations read at a time; their services are some thousands. */
    private static final int PAGE = 500;

    /** While nothing changes, a page is read again so often, one after the other: whatever went wrong does not last. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    /** How often it is looked whether the directory has become small enough. */
    private static final Duration TOO_LARGE = Duration.ofMinutes(5);

    /** Bytes of a service, generously: {@code ./passerelle bench routing} measures half of it. */
    private static final long BYTES = 1024;

    @Inject
    Pool pool;

    @Inject
    Kernel kernel;

    @Inject
    Places places;

    /** How many services are held in memory at most; by default what takes half of the heap. */
    @ConfigProperty(name = "passerelle.routing.index-services")
    Optional<Long> most = Optional.empty();

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private RoutingIndex index = new RoutingIndex(Places.NONE);
    private @Nullable Position position;
    private volatile @Nullable Loop loop;

    /** What is being taken in, over several steps. */
    private volatile @Nullable Round round;

    /** Read again up to here. */
    private volatile UUID again = FIRST;

    private volatile long nextAgain;
    private volatile boolean tooLarge;
    private volatile long nextLook;

    /**
     * @param epoch which of the log's lives: after a restore what is in memory may be of a future that never was
     * @param life which of the database's
     */
    private record Position(UUID epoch, @Nullable String life, String snapshot) {

        boolean canFollow(Position before) {
            return epoch.equals(before.epoch)
                    && life != null
                    && life.equals(before.life)
                    && end(before.snapshot) <= end(snapshot);
        }
    }

    /**
     * @param to the position once it is done
     * @param since what it sees is held already
     * @param after organisations up to here are done
     */
    private record Round(Position to, String since, UUID after) {}

    /** @param snapshot whose every change the list takes account of */
    record Listed(
            Shortlist shortlist, String snapshot, @Nullable String life) {}

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

    /** @return null as long as it was never complete, and where the directory is too large for it */
    @Nullable
    Listed list(ServiceType type, PlaceCode place, LocalDate day, Collection<ServiceId> asked) {
        lock.readLock().lock();
        try {
            return position == null
                    ? null
                    : new Listed(index.shortlist(type, place, day, asked), position.snapshot(), position.life());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Takes in a page of what changed; how many organisations. */
    @Override
    public Uni<Integer> step() {
        if (tooLarge && System.nanoTime() - nextLook < 0) {
            return Uni.createFrom().item(0);
        }
        return now().flatMap(now -> {
            Round going = round;
            Position before = position;
            Position known = going == null ? before : going.to();
            if (known == null || !now.canFollow(known)) {
                return begin();
            }
            if (going == null && before != null) {
                going = new Round(now, before.snapshot(), FIRST);
                round = going;
            }
            return going == null ? begin() : goOn(going);
        });
    }

    private Uni<Position> now() {
        return pool.query(NOW).execute().map(rows -> {
            Row row = rows.iterator().next();
            return new Position(row.getUUID("epoch"), row.getString("life"), row.getString("snapshot"));
        });
    }

    /** Makes it anew. */
    private Uni<Integer> begin() {
        forget();
        return pool.query(COUNT).execute().flatMap(rows -> {
            if (tooLarge(rows.iterator().next().getLong("services"))) {
                return Uni.createFrom().item(0);
            }
            return pool.query(HEAL)
                    .execute()
                    .chain(() -> pool.query(BEGIN_LIFE).execute())
                    .chain(this::now)
                    .flatMap(now -> {
                        Round whole = new Round(now, NOTHING, FIRST);
                        round = whole;
                        return goOn(whole);
                    });
        });
    }

    private Uni<Integer> goOn(Round going) {
        return page(going.after(), going.since()).flatMap(taken -> {
            if (tooLarge(index.services())) {
                forget();
            } else if (taken.size() == PAGE) {
                round = new Round(going.to(), going.since(), taken.getLast());
            } else {
                complete(going.to());
                if (taken.isEmpty() && System.nanoTime() - nextAgain >= 0) {
                    return readAgain().replaceWith(0);
                }
            }
            return Uni.createFrom().item(taken.size());
        });
    }

    /** Also of what comes after the position, which stays: whatever is newer is taken in once more. */
    Uni<Integer> readAgain() {
        nextAgain = System.nanoTime() + AGAIN.toNanos();
        return page(again, NOTHING).map(read -> {
            again = read.size() == PAGE ? read.getLast() : FIRST;
            return read.size();
        });
    }

    private boolean tooLarge(long services) {
        long limit = most.orElse(Runtime.getRuntime().maxMemory() / 2 / BYTES);
        boolean is = services > limit;
        if (is) {
            nextLook = System.nanoTime() + TOO_LARGE.toNanos();
            if (!tooLarge) {
                LOG.warnf(
                        "routing index: %d services are more than the %d of passerelle.routing.index-services:"
                                + " needs are routed from the tables",
                        services, limit);
            }
        }
        tooLarge = is;
        return is;
    }

    private void forget() {
        lock.writeLock().lock();
        try {
            index = new RoutingIndex(places);
            position = null;
            round = null;
            again = FIRST;
            nextAgain = System.nanoTime() + AGAIN.toNanos();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void complete(Position now) {
        lock.writeLock().lock();
        try {
            position = now;
            round = null;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Some organisations that the snapshot does not see as they are: what changes meanwhile comes in a later round. */
    private Uni<List<UUID>> page(UUID after, String since) {
        return pool.preparedQuery(CHANGED).execute(Tuple.of(after, since, PAGE)).flatMap(rows -> {
            List<UUID> organisations = new ArrayList<>();
            rows.forEach(row -> organisations.add(row.getUUID("id")));
            if (organisations.isEmpty()) {
                return Uni.createFrom().item(organisations);
            }
            return pool.preparedQuery(SHARING)
                    .execute(Tuple.of(organisations.toArray(UUID[]::new)))
                    .flatMap(this::take)
                    .replaceWith(organisations);
        });
    }

    private Uni<Void> take(RowSet<Row> rows) {
        List<UUID> organisations = new ArrayList<>();
        rows.forEach(row -> organisations.add(row.getUUID("id")));
        Tuple ids = Tuple.of(organisations.toArray(UUID[]::new));
        return pool.preparedQuery(SITES)
                .execute(ids)
                .flatMap(sites -> pool.preparedQuery(SERVICES)
                        .execute(ids)
                        .invoke(services -> put(organisations, services, sites)))
                .replaceWithVoid();
    }

    private void put(List<UUID> organisations, RowSet<Row> services, RowSet<Row> sites) {
        Map<OrganisationId, List<Candidate>> given = new HashMap<>();
        organisations.forEach(id -> given.put(new OrganisationId(id), new ArrayList<>()));
        Candidates.listed(services, sites)
                .forEach(candidate -> given.computeIfAbsent(candidate.organisation(), none -> new ArrayList<>())
                        .add(candidate));
        // one at a time: whoever routes waits for one organisation, not for a page of them
        given.forEach((organisation, theirs) -> {
            lock.writeLock().lock();
            try {
                index.put(organisation, theirs);
            } finally {
                lock.writeLock().unlock();
            }
        });
    }

    /** The first transaction that a snapshot knows nothing of. */
    private static long end(String snapshot) {
        return Long.parseUnsignedLong(snapshot.split(":", 3)[1]);
    }
}
