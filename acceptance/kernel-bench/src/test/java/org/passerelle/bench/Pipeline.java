package org.passerelle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Inbox;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.KafkaInbox;
import org.passerelle.eventsourcing.KafkaSender;
import org.passerelle.eventsourcing.Loop;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.eventsourcing.Relay;
import org.passerelle.eventsourcing.testkit.TestStore;
import org.passerelle.local.Backends;

/** From an append in one service to a committed effect in another: log, relay, Kafka, inbox, a row in its database. */
final class Pipeline implements AutoCloseable {

    private static final String TYPE = "passerelle.bench.added.v1";

    private final String topic = "passerelle.bench." + UUID.randomUUID();
    private final TestStore other = new TestStore();
    private final KafkaSender sender =
            new KafkaSender(Backends.shared().kafkaBootstrap(), Map.of("client.id", "bench"));
    final Loop relay;
    private final KafkaInbox inbox;
    private final Loop reader;

    /** When the append of a stream was due, until its effect is seen. */
    private final Map<String, Long> due = new ConcurrentHashMap<>();

    private final ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();

    // Of the reader's loop only.
    private final Set<Long> ahead = new HashSet<>();
    private long seen;

    Pipeline(TestStore from) {
        Backends.shared().createTopic(topic, 6);
        other.query("create table effect (n bigint generated always as identity primary key, stream text not null)");
        from.query("insert into relay_position (topic, last_seq) select '" + topic + "', last_seq from log_head");
        relay = Loop.start(
                "relay",
                Duration.ofMillis(5),
                new Relay(
                        from.pool,
                        topic,
                        "bench",
                        stored -> Optional.of(new PublicEvent(
                                TYPE, stored.stream().key(), stored.stream().key(), Map.of("number", 1))),
                        sender));
        inbox = new KafkaInbox(
                        Map.of("bootstrap.servers", Backends.shared().kafkaBootstrap()),
                        topic,
                        new Effect() {
                            @Override
                            public String consumer() {
                                return "bench";
                            }

                            @Override
                            public String topic() {
                                return topic;
                            }

                            @Override
                            public Set<String> types() {
                                return Set.of(TYPE);
                            }

                            @Override
                            public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
                                return tx.preparedQuery("insert into effect (stream) values ($1)")
                                        .execute(Tuple.of(event.key()))
                                        .replaceWithVoid();
                            }
                        },
                        new Inbox(other.pool, () -> {}),
                        other.pool,
                        () -> true,
                        new KafkaInbox.Watcher() {
                            @Override
                            public void handled(String consumer, List<Inbox.Result> results) {}

                            @Override
                            public void foreign(String consumer) {
                                throw new IllegalStateException("a record that is no event");
                            }
                        })
                .start();
        reader = Loop.start(
                "effects",
                Duration.ofMillis(1),
                () -> other.pool
                        .preparedQuery("select n, stream from effect where n > $1 order by n limit 2000")
                        .execute(Tuple.of(seen))
                        .map(rows -> {
                            long now = System.nanoTime();
                            int news = 0;
                            for (var row : rows) {
                                if (ahead.add(row.getLong(0))) {
                                    news++;
                                    Long begun = due.remove(row.getString(1));
                                    if (begun != null) {
                                        latencies.add(now - begun);
                                    }
                                }
                            }
                            while (ahead.remove(seen + 1)) {
                                seen++;
                            }
                            return news;
                        }));
    }

    /** Effects per second when nobody waits for anything. */
    double sustained(EventStore store, int appends, java.util.function.Supplier<Append> next)
            throws InterruptedException {
        long begun = System.nanoTime();
        var outstanding = new java.util.concurrent.Semaphore(256);
        for (int i = 0; i < appends; i++) {
            outstanding.acquire();
            Append append = next.get();
            due.put(append.streams().getFirst().stream().key(), begun);
            store.append(append)
                    .onTermination()
                    .invoke(outstanding::release)
                    .subscribe()
                    .with(done -> {}, failure -> {});
        }
        awaitAll();
        latencies.clear();
        return appends / ((System.nanoTime() - begun) / 1e9);
    }

    /** Sorted, nanoseconds. */
    long[] latencies(EventStore store, double perSecond, Duration time, java.util.function.Supplier<Append> next)
            throws InterruptedException {
        latencies.clear();
        Load.open(perSecond, time, at -> {
            Append append = next.get();
            due.put(append.streams().getFirst().stream().key(), at);
            store.append(append).subscribe().with(done -> {}, failure -> {});
        });
        awaitAll();
        return latencies.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private void awaitAll() throws InterruptedException {
        long patience = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!due.isEmpty() && System.nanoTime() < patience) {
            Thread.sleep(5);
        }
        assertThat(due).as("appended without effect").isEmpty();
    }

    @Override
    public void close() {
        reader.close();
        inbox.close();
        relay.close();
        sender.close();
        other.close();
    }
}
