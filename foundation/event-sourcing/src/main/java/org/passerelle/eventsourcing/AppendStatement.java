package org.passerelle.eventsourcing;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.passerelle.proof.Attestation;

/**
 * Appends of several callers as arrays, and what the answer means. {@link #SQL} takes any; {@link #plain}, at half of its
 * cost, those that all succeed: it does the same steps in the same order in one statement, or undoes itself.
 */
final class AppendStatement {

    static final String SQL = "select verdicts, versions, recorded, ids from append_batch("
            + "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)";

    private static final List<String> PLAIN = IntStream.range(0, Appender.PENDING_TABLES)
            .mapToObj(AppendStatement::plain)
            .toList();

    private static final long ANY = -1;
    private static final int RECEIPT_KNOWN = -1;

    private final List<Append> appends;
    private final Attestation.Maker attesting;

    private AppendStatement(List<Append> appends, Attestation.Maker attesting) {
        this.appends = appends;
        this.attesting = attesting;
    }

    static AppendStatement of(List<Append> appends, Attestation.Maker attesting) {
        return new AppendStatement(appends, attesting);
    }

    /**
     * What {@code held} returns is complete before {@code locked} has its one row, from which everything else reads: so
     * receipts and ids are taken under the locks of all streams.
     */
    private static String plain(int pendingTable) {
        return """
                with patience as materialized (select set_config('lock_timeout', $1::text, true)),
                held as (
                    insert into stream as s (id, category, version, last_recorded_at)
                    select n.id, n.category, n.events, clock_timestamp()
                    from patience, unnest($2::text[], $3::text[], $4::bigint[]) n (id, category, events)
                    order by n.id collate "C"
                    on conflict (id) do update
                    set version = s.version + excluded.version,
                        last_recorded_at = greatest(clock_timestamp(), s.last_recorded_at)
                    returning id, version, last_recorded_at at),
                locked as materialized (
                    select array_agg(id) ids, array_agg(version) versions, array_agg(at) recorded
                    from (select * from held order by id collate "C") h),
                taken as (
                    insert into receipt (key, fingerprint, status, location, version, body)
                    select r.*
                    from locked, unnest($6::text[], $7::bytea[], $8::int[], $9::text[], $10::bigint[], $11::bytea[]) r (key)
                    where key is not null order by key collate "C"
                    on conflict do nothing returning 1),
                stored as (
                    insert into event (id, stream_id, version, type, schema_version, data, metadata, recorded_at, attestation)
                    select nextval('event_id'), ($2::text[])[e.stream],
                           versions[e.stream] - ($4::bigint[])[e.stream] + e.position, e.type, e.schema, e.data,
                           ($12::bytea[])[e.stream], recorded[e.stream], e.attested
                    from locked, unnest($13::int[], $14::bigint[], $15::text[], $16::int[], $17::bytea[], $18::bytea[])
                                 e (stream, position, type, schema, data, attested)
                    returning id),
                waiting as (insert into pending_%d select id from stored)
                select array(select v.now - v.events from unnest(versions, $4::bigint[]) v (now, events)) as versions,
                       recorded, array(select id from stored) as ids,
                       case when ids is distinct from $2::text[]
                              or exists (select from unnest(versions, $4::bigint[], $5::bigint[]) v (now, events, expected)
                                         where expected <> -1 and now - events <> expected)
                              or (select count(*) from taken) <> cardinality(array_remove($6::text[], null))
                           then append_given_up() end
                from locked
                """.formatted(pendingTable)
                // The client keeps prepared what is shorter than 2,048 characters.
                .replaceAll("\\s+", " ");
    }

    /** Whether each append is of events to one stream, and they come in the order in which streams are locked. */
    boolean isPlain() {
        for (int i = 0; i < appends.size(); i++) {
            List<StreamAppend> streams = appends.get(i).streams();
            if (streams.size() != 1
                    || streams.getFirst().events().isEmpty()
                    || !streams.getFirst().deadlines().isEmpty()
                    || i > 0 && stream(i - 1).compareTo(stream(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private StreamId stream(int ofAppend) {
        return appends.get(ofAppend).streams().getFirst().stream();
    }

    static String plainSql() {
        return PLAIN.get(Appender.pendingTableNow());
    }

    /** Of {@link #plainSql}. */
    Tuple plainParameters(String lockWait) {
        Columns c = columns();
        return Tuple.tuple(Arrays.asList(
                lockWait,
                c.s.id,
                c.s.category,
                c.s.events,
                c.s.expected,
                c.a.key,
                c.a.fingerprint,
                c.a.status,
                c.a.location,
                c.a.version,
                c.a.body,
                c.a.by,
                c.e.stream,
                c.e.position,
                c.e.type,
                c.e.schema,
                c.e.data,
                c.e.attestation));
    }

    /** Of {@link #SQL}. */
    Tuple parameters(int pendingTable, String lockWait) {
        Columns c = columns();
        return Tuple.tuple(Arrays.asList(
                c.a.by,
                c.a.key,
                c.a.fingerprint,
                c.a.status,
                c.a.location,
                c.a.version,
                c.a.body,
                c.s.append,
                c.s.id,
                c.s.category,
                c.s.expected,
                c.s.events,
                c.e.stream,
                c.e.position,
                c.e.type,
                c.e.schema,
                c.e.data,
                c.e.attestation,
                c.d.stream,
                c.d.name,
                c.d.due,
                pendingTable,
                lockWait));
    }

    private record Columns(AppendColumns a, StreamColumns s, EventColumns e, DeadlineColumns d) {}

    private Columns columns() {
        int streams = 0;
        int events = 0;
        int deadlines = 0;
        for (Append append : appends) {
            streams += append.streams().size();
            for (StreamAppend stream : append.streams()) {
                events += stream.events().size();
                deadlines += stream.deadlines().size();
            }
        }
        var a = new AppendColumns(appends.size());
        var s = new StreamColumns(streams);
        var e = new EventColumns(events);
        var d = new DeadlineColumns(deadlines);
        for (Append append : appends) {
            byte[] by = Rows.bytes(append.by());
            a.add(append, by);
            for (StreamAppend stream : append.streams()) {
                s.add(a.n, stream);
                long position = 0;
                for (NewEvent event : stream.events()) {
                    e.add(s.n, ++position, event, attested(attesting, stream, position, event, by));
                }
                for (DeadlineChange change : stream.deadlines()) {
                    d.add(s.n, change);
                }
            }
        }
        return new Columns(a, s, e, d);
    }

    static long expected(StreamAppend stream) {
        return switch (stream.expected()) {
            case ExpectedVersion.Any any -> ANY;
            case ExpectedVersion.None none -> 0L;
            case ExpectedVersion.Exactly exactly -> exactly.version();
        };
    }

    /** Under the version that the event will have, where that is known before. */
    static byte[] attested(Attestation.Maker attesting, StreamAppend stream, long position, NewEvent event, byte[] by) {
        long version = switch (stream.expected()) {
            case ExpectedVersion.Any any -> Attestation.ANY_VERSION;
            case ExpectedVersion.None none -> position;
            case ExpectedVersion.Exactly exactly -> exactly.version() + position;
        };
        return attesting.attest(stream.stream().text(), version, event.type(), event.schemaVersion(), event.data(), by);
    }

    private static final class AppendColumns {
        int n;
        final Buffer[] by;
        final @Nullable String[] key;
        final @Nullable Buffer[] fingerprint;
        final @Nullable Integer[] status;
        final @Nullable String[] location;
        final @Nullable Long[] version;
        final @Nullable Buffer[] body;

        AppendColumns(int size) {
            by = new Buffer[size];
            key = new String[size];
            fingerprint = new Buffer[size];
            status = new Integer[size];
            location = new String[size];
            version = new Long[size];
            body = new Buffer[size];
        }

        void add(Append append, byte[] metadata) {
            by[n] = Buffer.buffer(metadata);
            Receipt receipt = append.receipt();
            if (receipt != null) {
                key[n] = receipt.key();
                fingerprint[n] = Buffer.buffer(receipt.fingerprint());
                status[n] = receipt.answer().status();
                location[n] = receipt.answer().location();
                version[n] = receipt.answer().version();
                body[n] = Buffer.buffer(receipt.answer().body());
            }
            n++;
        }
    }

    private static final class StreamColumns {
        int n;
        final Integer[] append;
        final String[] id;
        final String[] category;
        final Long[] expected;
        final Long[] events;

        StreamColumns(int size) {
            append = new Integer[size];
            id = new String[size];
            category = new String[size];
            expected = new Long[size];
            events = new Long[size];
        }

        void add(int ofAppend, StreamAppend stream) {
            append[n] = ofAppend;
            id[n] = stream.stream().text();
            category[n] = stream.stream().category();
            expected[n] = AppendStatement.expected(stream);
            events[n] = (long) stream.events().size();
            n++;
        }
    }

    private static final class EventColumns {
        int n;
        final Integer[] stream;
        final Long[] position;
        final String[] type;
        final Integer[] schema;
        final Buffer[] data;
        final Buffer[] attestation;

        EventColumns(int size) {
            stream = new Integer[size];
            position = new Long[size];
            type = new String[size];
            schema = new Integer[size];
            data = new Buffer[size];
            attestation = new Buffer[size];
        }

        void add(int ofStream, long at, NewEvent event, byte[] attested) {
            stream[n] = ofStream;
            position[n] = at;
            type[n] = event.type();
            schema[n] = event.schemaVersion();
            data[n] = Buffer.buffer(event.data());
            attestation[n] = Buffer.buffer(attested);
            n++;
        }
    }

    private static final class DeadlineColumns {
        int n;
        final Integer[] stream;
        final String[] name;
        final @Nullable OffsetDateTime[] due;

        DeadlineColumns(int size) {
            stream = new Integer[size];
            name = new String[size];
            due = new OffsetDateTime[size];
        }

        void add(int ofStream, DeadlineChange change) {
            stream[n] = ofStream;
            name[n] = change.name();
            Instant at = change.due();
            due[n] = at == null ? null : Rows.utc(at);
            n++;
        }
    }

    /** The answer of {@link #plainSql}: all stored. */
    List<Appender.Verdict> plainVerdicts(Row row) {
        return verdicts(row, Collections.nCopies(appends.size(), 0).toArray(Integer[]::new));
    }

    /** One per append, in their order. */
    List<Appender.Verdict> verdicts(Row row) {
        return verdicts(row, row.getArrayOfIntegers("verdicts"));
    }

    private List<Appender.Verdict> verdicts(Row row, Integer[] verdicts) {
        Long[] found = row.getArrayOfLongs("versions");
        OffsetDateTime[] recorded = row.getArrayOfOffsetDateTimes("recorded");
        Long[] ids = row.getArrayOfLongs("ids");
        List<Appender.Verdict> result = new ArrayList<>(appends.size());
        int stream = 0;
        int event = 0;
        for (int a = 0; a < verdicts.length; a++) {
            Append append = appends.get(a);
            if (verdicts[a] == 0) {
                Map<StreamId, Long> versions = new LinkedHashMap<>();
                List<StoredEvent> stored = new ArrayList<>();
                for (StreamAppend one : append.streams()) {
                    long version = found[stream];
                    for (NewEvent added : one.events()) {
                        version++;
                        if (event > 0 && ids[event] <= ids[event - 1]) {
                            throw new IllegalStateException("ids do not ascend in the order of versions");
                        }
                        stored.add(new StoredEvent(
                                ids[event++],
                                one.stream(),
                                version,
                                added.type(),
                                added.schemaVersion(),
                                added.data(),
                                append.by(),
                                recorded[stream].toInstant()));
                    }
                    versions.put(one.stream(), version);
                    stream++;
                }
                result.add(new Appender.Verdict.Stored(new Appended(versions, stored)));
            } else if (verdicts[a] == RECEIPT_KNOWN) {
                result.add(new Appender.Verdict.ReceiptKnown());
                stream += append.streams().size();
            } else {
                int of = verdicts[a] - 1;
                result.add(new Appender.Verdict.Conflict(append.streams().get(of - stream).stream(), found[of]));
                stream += append.streams().size();
            }
        }
        if (event != (ids == null ? 0 : ids.length)) {
            throw new IllegalStateException("stored " + (ids == null ? 0 : ids.length) + " events, not " + event);
        }
        return result;
    }
}
