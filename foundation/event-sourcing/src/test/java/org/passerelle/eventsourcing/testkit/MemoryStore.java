package org.passerelle.eventsourcing.testkit;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.passerelle.eventsourcing.AlreadyAnswered;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.AppendRejected;
import org.passerelle.eventsourcing.Appended;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Handled;
import org.passerelle.eventsourcing.LogEntry;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.NewEvent;
import org.passerelle.eventsourcing.Receipt;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;

/**
 * A store in memory that keeps the promises of {@link StoreContract}, for tests without PostgreSQL. It has no
 * projections, no deadlines and no publishing, and is gone with its process.
 */
public final class MemoryStore implements StoreContract.Subject {

    private static final long LOCK_WAIT_MILLIS = 5_000;

    private final InstantSource clock;
    private final Map<StreamId, List<StoredEvent>> streams = new HashMap<>();
    private final Map<String, Receipt> receipts = new HashMap<>();
    /** Streams and receipt keys of transactions that have not ended. */
    private final Set<Object> locked = new HashSet<>();

    private final List<StoredEvent> pending = new ArrayList<>();
    private final List<LogEntry> log = new ArrayList<>();
    private long lastId;

    public MemoryStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Appended append(Append append) {
        Open open = begin(append);
        open.commit();
        return open.appended;
    }

    @Override
    public Open begin(Append append) {
        append.checkLimits();
        return new Open(append);
    }

    /** An append whose transaction has not ended; nobody else sees it. */
    public final class Open implements StoreContract.Open {
        private final Append append;
        private final Set<Object> held = new HashSet<>();
        private final Appended appended;

        private Open(Append append) {
            this.append = append;
            append.streams().forEach(stream -> held.add(stream.stream()));
            Receipt receipt = append.receipt();
            if (receipt != null) {
                held.add(receipt.key());
            }
            synchronized (MemoryStore.this) {
                lock();
                try {
                    this.appended = store();
                } catch (RuntimeException rejected) {
                    release();
                    throw rejected;
                }
            }
        }

        /** All at once, so that nobody waits in a circle. */
        private void lock() {
            long end = System.nanoTime() + LOCK_WAIT_MILLIS * 1_000_000;
            while (held.stream().anyMatch(locked::contains)) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AppendRejected.Unavailable("a stream is held by another", null);
                }
                try {
                    MemoryStore.this.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AppendRejected.Unavailable("interrupted", e);
                }
            }
            locked.addAll(held);
        }

        private void release() {
            locked.removeAll(held);
            MemoryStore.this.notifyAll();
        }

        private Appended store() {
            Receipt receipt = append.receipt();
            for (StreamAppend one : append.streams()) {
                long actual = events(one.stream()).size();
                if (!one.expected().admits(actual)) {
                    throw new AppendRejected.VersionConflict(one.stream(), actual);
                }
            }
            if (receipt != null && receipts.get(receipt.key()) instanceof Receipt first) {
                if (!Arrays.equals(first.fingerprint(), receipt.fingerprint())) {
                    throw new AppendRejected.KeyReused();
                }
                throw new AlreadyAnswered(first.answer());
            }
            List<StoredEvent> stored = new ArrayList<>();
            Map<StreamId, Long> versions = new LinkedHashMap<>();
            for (StreamAppend one : append.streams()) {
                List<StoredEvent> before = events(one.stream());
                long version = before.size();
                Instant at = clock.instant();
                if (!before.isEmpty() && before.getLast().recordedAt().isAfter(at)) {
                    at = before.getLast().recordedAt();
                }
                for (NewEvent event : one.events()) {
                    stored.add(new StoredEvent(
                            ++lastId,
                            one.stream(),
                            ++version,
                            event.type(),
                            event.schemaVersion(),
                            event.data(),
                            append.by(),
                            at));
                }
                versions.put(one.stream(), version);
            }
            return new Appended(versions, stored);
        }

        @Override
        public void commit() {
            synchronized (MemoryStore.this) {
                for (StoredEvent event : appended.events()) {
                    streams.computeIfAbsent(event.stream(), stream -> new ArrayList<>())
                            .add(event);
                }
                pending.addAll(appended.events());
                Receipt receipt = append.receipt();
                if (receipt != null) {
                    receipts.put(receipt.key(), receipt);
                }
                release();
            }
        }

        @Override
        public void rollBack() {
            synchronized (MemoryStore.this) {
                release();
            }
        }
    }

    private List<StoredEvent> events(StreamId stream) {
        return streams.getOrDefault(stream, List.of());
    }

    @Override
    public synchronized List<StoredEvent> stream(StreamId stream) {
        return List.copyOf(events(stream));
    }

    /** Loads, decides, appends. */
    public <C, S, E> Handled<S, E> handle(
            StreamKind<C, S, E> kind, StreamId stream, C command, ExpectedVersion expected, Metadata by) {
        while (true) {
            List<StoredEvent> history = stream(stream);
            if (!expected.admits(history.size())) {
                throw new AppendRejected.VersionConflict(stream, history.size());
            }
            S state = kind.decider()
                    .fold(
                            kind.decider().initial(),
                            history.stream().map(kind.types()::decode).toList());
            List<E> events = kind.decider().decide(command, state);
            try {
                if (!events.isEmpty()) {
                    append(new Append(
                            List.of(kind.append(stream, ExpectedVersion.exactly(history.size()), events)), by, null));
                }
                return new Handled<>(
                        stream, kind.decider().fold(state, events), events, history.size() + events.size());
            } catch (AppendRejected.VersionConflict quicker) {
                if (!(expected instanceof ExpectedVersion.Any)) {
                    throw quicker;
                }
            }
        }
    }

    @Override
    public synchronized void sequence() {
        pending.sort(Comparator.comparingLong(StoredEvent::id));
        pending.forEach(event -> log.add(new LogEntry(log.size() + 1L, event)));
        pending.clear();
    }

    @Override
    public synchronized List<LogEntry> log(long after, int limit) {
        int from = (int) Math.min(after, log.size());
        return List.copyOf(log.subList(from, Math.min(log.size(), from + limit)));
    }

    @Override
    public Multi<LogEntry> tail(long after) {
        return Multi.createBy()
                .repeating()
                .uni(
                        () -> new AtomicLong(after),
                        cursor -> Uni.createFrom().item(() -> {
                            List<LogEntry> page = log(cursor.get(), 100);
                            cursor.addAndGet(page.size());
                            return page;
                        }))
                .withDelay(Duration.ofMillis(5))
                .indefinitely()
                .onItem()
                .transformToMultiAndConcatenate(page -> Multi.createFrom().iterable(page));
    }

    @Override
    public void close() {}
}
