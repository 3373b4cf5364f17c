package org.passerelle.eventsourcing;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.passerelle.proof.Attestation;

/**
 * The most frequent append, of some events to one stream, as one statement at less than half of the cost of a call of
 * {@code append_batch}. The stream's row is made or locked and moved first, and everything else reads from it, so the
 * ids are taken under the lock here too. Whatever is not a plain success writes nothing and is left to that function.
 */
final class AppendOne {

    private static final List<String> SQL =
            IntStream.range(0, Appender.PENDING_TABLES).mapToObj(AppendOne::sql).toList();

    private final Append append;
    private final StreamAppend stream;
    private final Attestation.Maker attesting;

    private AppendOne(Append append, StreamAppend stream, Attestation.Maker attesting) {
        this.append = append;
        this.stream = stream;
        this.attesting = attesting;
    }

    static Optional<AppendOne> of(List<Append> appends, Attestation.Maker attesting) {
        if (appends.size() != 1 || appends.getFirst().streams().size() != 1) {
            return Optional.empty();
        }
        StreamAppend stream = appends.getFirst().streams().getFirst();
        return stream.events().isEmpty() || !stream.deadlines().isEmpty()
                ? Optional.empty()
                : Optional.of(new AppendOne(appends.getFirst(), stream, attesting));
    }

    private static String sql(int pendingTable) {
        return """
                with patience as materialized (select set_config('lock_timeout', $1::text, true)),
                held as (
                    insert into stream as s (id, category, version, last_recorded_at)
                    select $2::text, $3::text, $4::bigint, clock_timestamp() from patience
                    where not exists (select from receipt r where r.key = $6::text)
                    on conflict (id) do update
                    set version = s.version + excluded.version,
                        last_recorded_at = greatest(clock_timestamp(), s.last_recorded_at)
                    where $5::bigint = -1 or s.version = $5::bigint
                    returning version - $4::bigint as found, last_recorded_at),
                taken as (
                    insert into receipt (key, fingerprint, status, location, version, body)
                    select $6::text, $7::bytea, $8::int, $9::text, $10::bigint, $11::bytea from held where $6::text is not null
                    on conflict do nothing
                    returning 1),
                stored as (
                    insert into event (id, stream_id, version, type, schema_version, data, metadata, recorded_at,
                                       attestation)
                    select nextval('event_id'), $2::text, h.found + e.position, e.type, e.schema, e.data, $12::bytea,
                           h.last_recorded_at, e.attestation
                    from held h,
                         unnest($13::text[], $14::int[], $15::bytea[], $16::bytea[])
                             with ordinality as e (type, schema, data, attestation, position)
                    returning id),
                waiting as (insert into pending_%d select id from stored)
                select found, last_recorded_at, array(select id from stored) as ids,
                       case when $5::bigint <> -1 and found <> $5::bigint or $6::text is not null and not exists (select from taken)
                           then append_given_up() end
                from held
                """.formatted(pendingTable);
    }

    String sql() {
        return SQL.get(Appender.pendingTableNow());
    }

    Tuple parameters(String lockWait) {
        Receipt receipt = append.receipt();
        List<NewEvent> events = stream.events();
        byte[] by = Rows.bytes(append.by());
        @Nullable
        Object[] values = {
            lockWait,
            stream.stream().text(),
            stream.stream().category(),
            (long) events.size(),
            AppendStatement.expected(stream),
            null,
            null,
            null,
            null,
            null,
            null,
            Buffer.buffer(by),
            events.stream().map(NewEvent::type).toArray(String[]::new),
            events.stream().map(NewEvent::schemaVersion).toArray(Integer[]::new),
            events.stream().map(event -> Buffer.buffer(event.data())).toArray(Buffer[]::new),
            IntStream.range(0, events.size())
                    .mapToObj(n -> Buffer.buffer(AppendStatement.attested(attesting, stream, n + 1, events.get(n), by)))
                    .toArray(Buffer[]::new)
        };
        if (receipt != null) {
            values[5] = receipt.key();
            values[6] = Buffer.buffer(receipt.fingerprint());
            values[7] = receipt.answer().status();
            values[8] = receipt.answer().location();
            values[9] = receipt.answer().version();
            values[10] = Buffer.buffer(receipt.answer().body());
        }
        return Tuple.tuple(Arrays.asList(values));
    }

    /** Nothing when nothing was written. */
    Optional<Appender.Verdict> verdict(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        Row row = rows.iterator().next();
        long version = row.getLong(0);
        Instant recordedAt = row.getOffsetDateTime(1).toInstant();
        Long[] ids = row.getArrayOfLongs(2);
        List<StoredEvent> stored = new ArrayList<>(ids.length);
        for (NewEvent event : stream.events()) {
            int n = stored.size();
            if (n > 0 && ids[n] <= ids[n - 1]) {
                throw new IllegalStateException("ids do not ascend in the order of versions");
            }
            stored.add(new StoredEvent(
                    ids[n],
                    stream.stream(),
                    ++version,
                    event.type(),
                    event.schemaVersion(),
                    event.data(),
                    append.by(),
                    recordedAt));
        }
        if (ids.length != stored.size()) {
            throw new IllegalStateException("stored " + ids.length + " events, not " + stored.size());
        }
        return Optional.of(new Appender.Verdict.Stored(new Appended(Map.of(stream.stream(), version), stored)));
    }
}
