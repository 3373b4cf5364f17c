package org.passerelle.eventsourcing;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.proof.Attestation;

/** The arrays of one call of {@code append_batch}, and what its answer means. */
final class AppendStatement {

    static final String SQL = "select verdicts, versions, recorded, ids from append_batch("
            + "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)";

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

    Tuple parameters(int pendingTable, String lockWait) {
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
        return Tuple.tuple(Arrays.asList(
                a.by,
                a.key,
                a.fingerprint,
                a.status,
                a.location,
                a.version,
                a.body,
                s.append,
                s.id,
                s.category,
                s.expected,
                s.events,
                e.stream,
                e.position,
                e.type,
                e.schema,
                e.data,
                e.attestation,
                d.stream,
                d.name,
                d.due,
                pendingTable,
                lockWait));
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

    /** One per append, in their order. */
    List<Appender.Verdict> verdicts(Row row) {
        Integer[] verdicts = row.getArrayOfIntegers("verdicts");
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
