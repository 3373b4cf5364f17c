package org.passerelle.eventsourcing;

import static org.passerelle.eventsourcing.Rows.tuple;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one way into the store. Within a transaction, as separate statements in this order: create and lock the streams
 * (sorted), check versions by reading, take the receipt, store the events with ids taken after the locks, mark them
 * pending, project, set deadlines.
 */
final class Appender {

    /** A repeat of a command in flight waits this long for the first to end. */
    private static final String LOCK_TIMEOUT = "set local lock_timeout = '5s'";

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** The pending tables take turns, a minute each; readers take them as one, so any choice is right. */
    static final int PENDING_TABLES = 3;

    private static final long PENDING_TURN_MILLIS = 60_000;

    private final List<InlineProjection> projections;

    Appender(List<InlineProjection> projections) {
        this.projections = List.copyOf(projections);
    }

    static int pendingTableNow() {
        return (int) (System.currentTimeMillis() / PENDING_TURN_MILLIS % PENDING_TABLES);
    }

    private record Locked(long version, Instant lastRecordedAt) {}

    /** Creates the streams where needed and locks them all. */
    Uni<Void> lock(SqlConnection tx, Collection<StreamId> streams) {
        return locked(tx, streams).replaceWithVoid();
    }

    private Uni<Map<StreamId, Locked>> locked(SqlConnection tx, Collection<StreamId> streams) {
        List<StreamId> sorted = streams.stream().sorted().toList();
        String[] ids = sorted.stream().map(StreamId::text).toArray(String[]::new);
        String[] categories = sorted.stream().map(StreamId::category).toArray(String[]::new);
        return tx.preparedQuery("insert into stream (id, category, version, last_recorded_at)"
                        + " select id, category, 0, '-infinity' from unnest($1::text[], $2::text[]) as s (id, category)"
                        + " order by id collate \"C\" on conflict do nothing")
                .execute(tuple(ids, categories))
                .flatMap(created -> tx.preparedQuery("select id, version,"
                                + " greatest(last_recorded_at, '1970-01-01'::timestamptz) as last_recorded_at"
                                + " from stream where id = any($1) order by id for update")
                        .execute(tuple((Object) ids)))
                .map(rows -> {
                    Map<StreamId, Locked> result = new HashMap<>();
                    rows.forEach(row -> result.put(
                            StreamId.parse(row.getString("id")),
                            new Locked(
                                    row.getLong("version"),
                                    row.getOffsetDateTime("last_recorded_at").toInstant())));
                    return result;
                });
    }

    Uni<Appended> append(SqlConnection tx, Append append) {
        checkLimits(append);
        List<StreamId> streams =
                append.streams().stream().map(StreamAppend::stream).toList();
        Uni<Map<StreamId, Locked>> lock = locked(tx, streams);
        if (append.receipt() != null) {
            lock = tx.query(LOCK_TIMEOUT).execute().chain(() -> locked(tx, streams));
        }
        return lock.flatMap(locked -> {
                    checkVersions(append, locked);
                    return takeReceipt(tx, append)
                            .chain(() -> store(tx, append, locked))
                            .call(events -> project(tx, events))
                            .call(events -> setDeadlines(tx, append))
                            .map(events -> new Appended(versionsAfter(append, locked), events));
                })
                .onFailure(Appender::isLockTimeout)
                .transform(failure -> append.receipt() == null ? failure : new AppendRejected.InFlight());
    }

    private static boolean isLockTimeout(Throwable failure) {
        return failure instanceof PgException postgres && LOCK_NOT_AVAILABLE.equals(postgres.getSqlState());
    }

    private static void checkLimits(Append append) {
        int events = 0;
        for (StreamAppend stream : append.streams()) {
            events += stream.events().size();
            for (NewEvent event : stream.events()) {
                if (event.data().length > EventStore.MAX_EVENT_BYTES) {
                    throw new AppendRejected.TooLarge("an event of more than " + EventStore.MAX_EVENT_BYTES + " bytes");
                }
            }
        }
        if (events > EventStore.MAX_EVENTS) {
            throw new AppendRejected.TooLarge("more than " + EventStore.MAX_EVENTS + " events");
        }
    }

    private static void checkVersions(Append append, Map<StreamId, Locked> locked) {
        for (StreamAppend stream : append.streams()) {
            long actual = at(locked, stream.stream()).version();
            if (!stream.expected().admits(actual)) {
                throw new AppendRejected.VersionConflict(stream.stream(), actual);
            }
        }
    }

    private static Locked at(Map<StreamId, Locked> locked, StreamId stream) {
        Locked row = locked.get(stream);
        if (row == null) {
            throw new IllegalStateException("a stream that is not locked");
        }
        return row;
    }

    private static Map<StreamId, Long> versionsAfter(Append append, Map<StreamId, Locked> locked) {
        Map<StreamId, Long> versions = new LinkedHashMap<>();
        for (StreamAppend stream : append.streams()) {
            versions.put(
                    stream.stream(),
                    at(locked, stream.stream()).version() + stream.events().size());
        }
        return versions;
    }

    private final Receipts receipts = new Receipts();

    private Uni<Void> takeReceipt(SqlConnection tx, Append append) {
        Receipt receipt = append.receipt();
        if (receipt == null) {
            return Uni.createFrom().voidItem();
        }
        return receipts.take(tx, receipt);
    }

    private Uni<List<StoredEvent>> store(SqlConnection tx, Append append, Map<StreamId, Locked> locked) {
        int count = append.streams().stream().mapToInt(s -> s.events().size()).sum();
        if (count == 0) {
            return Uni.createFrom().item(List.of());
        }
        String[] ids = new String[count];
        Long[] versions = new Long[count];
        String[] types = new String[count];
        Integer[] schemaVersions = new Integer[count];
        Buffer[] data = new Buffer[count];
        OffsetDateTime[] notBefore = new OffsetDateTime[count];
        int i = 0;
        for (StreamAppend stream : append.streams()) {
            Locked row = at(locked, stream.stream());
            long version = row.version();
            for (NewEvent event : stream.events()) {
                ids[i] = stream.stream().text();
                versions[i] = ++version;
                types[i] = event.type();
                schemaVersions[i] = event.schemaVersion();
                data[i] = Buffer.buffer(event.data());
                notBefore[i] = Rows.utc(row.lastRecordedAt());
                i++;
            }
        }
        Buffer metadata = Buffer.buffer(Rows.bytes(append.by()));
        // One instant for the whole append, read once (a volatile function in the list would give one per row).
        String sql = "with now as materialized (select clock_timestamp() as at),"
                + " given as (select * from unnest($1::text[], $2::bigint[], $3::text[], $4::int[], $5::bytea[], $6::timestamptz[])"
                + " with ordinality as g (stream_id, version, type, schema_version, data, not_before, ord)),"
                + " numbered as (select nextval('event_id') as id, o.* from (select * from given order by ord) o),"
                + " stored as (insert into event (id, stream_id, version, type, schema_version, data, metadata, recorded_at)"
                + " select id, stream_id, version, type, schema_version, data, $7, greatest(now.at, not_before) from numbered, now"
                + " order by id returning id, stream_id, version, recorded_at),"
                + " marked as (insert into pending_" + pendingTableNow() + " (id) select id from stored),"
                + " moved as (update stream s set version = l.version, last_recorded_at = l.recorded_at from ("
                + "select stream_id, max(version) as version, max(recorded_at) as recorded_at from stored group by stream_id) l"
                + " where s.id = l.stream_id)"
                + " select id, stream_id, version, recorded_at from stored order by id";
        return tx.preparedQuery(sql)
                .execute(tuple(ids, versions, types, schemaVersions, data, notBefore, metadata))
                .map(rows -> {
                    if (rows.size() != ids.length) {
                        throw new IllegalStateException("stored " + rows.size() + " of " + ids.length + " events");
                    }
                    List<StoredEvent> events = new ArrayList<>(ids.length);
                    int n = 0;
                    for (var row : rows) {
                        if (!ids[n].equals(row.getString("stream_id"))
                                || versions[n].longValue() != row.getLong("version")) {
                            throw new IllegalStateException("ids do not ascend in the order of versions");
                        }
                        events.add(new StoredEvent(
                                row.getLong("id"),
                                StreamId.parse(ids[n]),
                                versions[n],
                                types[n],
                                schemaVersions[n],
                                data[n].getBytes(),
                                append.by(),
                                row.getOffsetDateTime("recorded_at").toInstant()));
                        n++;
                    }
                    return events;
                });
    }

    private Uni<Void> project(SqlConnection tx, List<StoredEvent> events) {
        Uni<Void> done = Uni.createFrom().voidItem();
        for (InlineProjection projection : projections) {
            List<StoredEvent> wanted = events.stream()
                    .filter(e -> projection.categories().contains(e.stream().category()))
                    .toList();
            if (!wanted.isEmpty()) {
                done = done.chain(() -> projection.apply(tx, wanted));
            }
        }
        return done;
    }

    private static Uni<Void> setDeadlines(SqlConnection tx, Append append) {
        Uni<Void> done = Uni.createFrom().voidItem();
        for (StreamAppend stream : append.streams()) {
            for (DeadlineChange change : stream.deadlines()) {
                done = done.chain(() -> setDeadline(tx, stream.stream(), change));
            }
        }
        return done;
    }

    private static Uni<Void> setDeadline(SqlConnection tx, StreamId stream, DeadlineChange change) {
        Instant due = change.due();
        if (due == null) {
            return tx.preparedQuery("delete from deadline where stream_id = $1 and name = $2")
                    .execute(tuple(stream.text(), change.name()))
                    .replaceWithVoid();
        }
        return tx.preparedQuery("insert into deadline (stream_id, name, due_at, not_before) values ($1, $2, $3, $3)"
                        + " on conflict (stream_id, name) do update"
                        + " set due_at = excluded.due_at, not_before = excluded.not_before, attempts = 0")
                .execute(tuple(stream.text(), change.name(), Rows.utc(due)))
                .replaceWithVoid();
    }
}
