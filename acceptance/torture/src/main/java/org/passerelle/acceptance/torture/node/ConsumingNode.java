package org.passerelle.acceptance.torture.node;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Inbox;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.KafkaInbox;
import org.passerelle.eventsourcing.Loop;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.Sequencer;

/**
 * A replica of the consumers' group: takes records in as the services do. Its effect writes a row
 * and appends an event in the same transaction; neither is protected by any key, so an effect that happens twice shows.
 */
final class ConsumingNode implements AutoCloseable {

    static final String TYPE = "passerelle.torture.happened.v1";

    /** One of this many effects fails the way infrastructure does, after it has written. */
    private static final int TROUBLE = 500;

    private final KafkaInbox consumer;
    private final EventStore store;
    private final Loop sequencer;

    ConsumingNode(Pool pool, Settings settings) {
        this.sequencer = Loop.start("sequencer", Duration.ofMillis(50), new Sequencer(pool));
        this.store = new EventStore(pool, List.of(), sequencer::nudge);
        this.consumer = new KafkaInbox(
                        Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.kafka()),
                        "torture",
                        new Echoes(),
                        new Inbox(pool, sequencer::nudge),
                        pool,
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
    }

    private final class Echoes implements Effect {
        @Override
        public String consumer() {
            return "torture-effects";
        }

        @Override
        public String topic() {
            return Settings.TOPIC;
        }

        @Override
        public Set<String> types() {
            return Set.of(TYPE);
        }

        @Override
        public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
            String token = event.data().path("token").asText();
            return tx.preparedQuery("insert into effect (source, key, seq, token) values ($1, $2, $3, $4)")
                    .execute(Tuple.of(event.source(), event.key(), event.sequence(), token))
                    .chain(() -> store.handleIn(
                            tx,
                            Tally.ECHO,
                            Tally.ECHO.stream(event.key()),
                            new Tally.Add(token, null),
                            Metadata.because("torture", event)))
                    .invoke(() -> {
                        if (token.endsWith(Wire.POISON)) {
                            throw Refusal.of("poison");
                        }
                        if (ThreadLocalRandom.current().nextInt(TROUBLE) == 0) {
                            throw new java.io.UncheckedIOException(new IOException("trouble on purpose"));
                        }
                    })
                    .replaceWithVoid();
        }
    }

    @Override
    public void close() {
        consumer.close();
        sequencer.close();
    }
}
