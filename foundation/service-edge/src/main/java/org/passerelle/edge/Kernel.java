package org.passerelle.edge;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.DeadlineHandler;
import org.passerelle.eventsourcing.Deadlines;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Inbox;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.KafkaSender;
import org.passerelle.eventsourcing.KafkaTail;
import org.passerelle.eventsourcing.LogSignal;
import org.passerelle.eventsourcing.Loop;
import org.passerelle.eventsourcing.Parking;
import org.passerelle.eventsourcing.Projecting;
import org.passerelle.eventsourcing.Projection;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.eventsourcing.Publishing;
import org.passerelle.eventsourcing.Rebuild;
import org.passerelle.eventsourcing.Recollection;
import org.passerelle.eventsourcing.Relay;
import org.passerelle.eventsourcing.Restore;
import org.passerelle.eventsourcing.RestoreCheck;
import org.passerelle.eventsourcing.Sequencer;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.eventsourcing.sealing.DataKeys;
import org.passerelle.eventsourcing.sealing.KeyEncryption;

/** Wires the event store of a service from what the service declares, and runs its loops. */
@ApplicationScoped
public class Kernel {

    private static final Duration BUSY = Duration.ofMillis(5);
    private static final Duration IDLE = Duration.ofMillis(50);
    private static final Duration DEADLINE_IDLE = Duration.ofMillis(200);
    private static final Duration RESTORE_IDLE = Duration.ofSeconds(1);
    private static final Duration RESTORE_LOOK = Duration.ofSeconds(30);

    @Inject
    Pool pool;

    @Inject
    Instance<InlineProjection> projections;

    /** Those that are no inline projections as well are kept up to date from the log. */
    @Inject
    Instance<Projection> fromTheLog;

    @Inject
    Instance<DeadlineHandler> deadlineHandlers;

    @Inject
    Instance<Publishing> publishings;

    @Inject
    Instance<Inbox> inbox;

    @Inject
    ProofSettings proofs;

    @Inject
    Instance<EventStore> store;

    @Inject
    Instance<WhenEventsAreLost> whenEventsAreLost;

    @ConfigProperty(name = "quarkus.application.name")
    String application;

    /** All of {@code kafka.*}, environment variables included, as the channels get it too. */
    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> broker;

    /** Fixed when the topic was made: with another number, a case's events would lie in two partitions. */
    @ConfigProperty(name = "passerelle.topic.partitions", defaultValue = "64")
    int partitions;

    /** Where the data keys lie, apart from the events. */
    @Inject
    @ReactiveDataSource("keys")
    Pool keyPool;

    /** What wraps the data keys: {@code file:///…}, or an address of a key management. */
    @ConfigProperty(name = "passerelle.keys.encryption")
    String keyEncryption;

    /** What wrapped them before; needed until none is wrapped by it any more and its backups have rolled over. */
    @ConfigProperty(name = "passerelle.keys.former-encryption")
    Optional<List<String>> formerKeyEncryption;

    /** Whether a key file that is not there is made: on one machine, never in a cluster. */
    @ConfigProperty(name = "passerelle.keys.create-file", defaultValue = "false")
    boolean createKeyFile;

    @Inject
    Instance<KeyEncryption> keyEncryptions;

    @Inject
    Instance<DataKeys> dataKeys;

    private final List<Loop> loops = new ArrayList<>();
    private final Map<String, BooleanSupplier> leaders = new TreeMap<>();
    private @Nullable Loop sequencer;
    private @Nullable KafkaSender sender;
    private @Nullable RestoreCheck restoreCheck;

    @Produces
    @Singleton
    EventStore eventStore() {
        return new EventStore(
                pool,
                projections.stream().toList(),
                this::appended,
                EventStore.KNOWN_STATES,
                dataKeys.get(),
                proofs.attesting());
    }

    @Produces
    @Singleton
    KeyEncryption keyEncryption() {
        if (createKeyFile) {
            KeyEncryption.createFile(keyEncryption);
        }
        return KeyEncryption.of(keyEncryption, formerKeyEncryption.orElse(List.of()));
    }

    @Produces
    @Singleton
    DataKeys dataKeys() {
        return new DataKeys(keyPool, keyEncryptions.get());
    }

    @Produces
    @Singleton
    Inbox inbox() {
        return new Inbox(pool, this::appended);
    }

    /** Cases that wait, for operators. */
    public Parking parking() {
        return new Parking(pool, inbox.get(), this::appended);
    }

    /** The name of the service in sources of events: {@code referral} for {@code referral-service}. */
    public String service() {
        return application.replace("-service", "");
    }

    /** How a Kafka client of this service connects: the address and, where the cluster asks for it, TLS or SASL. */
    public Map<String, Object> kafkaConnection() {
        Map<String, Object> connection = new HashMap<>();
        broker.forEach((name, value) -> {
            if (name.matches("bootstrap\\.servers|(security|ssl|sasl)\\..+")) {
                connection.put(name, value);
            }
        });
        return connection;
    }

    /** Sends to Kafka; made at the first use. */
    public synchronized KafkaSender sender() {
        if (sender == null) {
            Map<String, Object> config = kafkaConnection();
            config.put("client.id", service() + "-relay");
            sender = new KafkaSender(String.valueOf(config.get("bootstrap.servers")), config);
        }
        return sender;
    }

    /** Runs another loop as long as the service runs. */
    public Loop run(String name, Duration idle, Loop.Step step) {
        Loop loop = Loop.start(name, idle, step);
        synchronized (loops) {
            loops.add(loop);
        }
        return loop;
    }

    private void appended() {
        Loop loop = sequencer;
        if (loop != null) {
            loop.nudge();
        }
    }

    void start(@Observes @Priority(10_000) StartupEvent started) {
        TopicCheck.check(kafkaConnection(), topics(), partitions);
        // Before the first request: a log that lies behind its topic, or that a witness contradicts, takes nothing.
        restoreCheck()
                .look()
                .ifNoItem()
                .after(RESTORE_LOOK)
                .recoverWithItem(new RestoreCheck.Verdict.Unknown())
                .await()
                .indefinitely();
        run("restore check", RESTORE_IDLE, () -> restoreCheck().watch().replaceWith(0));
        List<Loop> relays = new ArrayList<>();
        for (Publishing publishing : publishings) {
            Relay relay = new Relay(
                    pool,
                    publishing.topic(),
                    service(),
                    stored -> translate(publishing, stored),
                    wave -> sender().send(wave),
                    restoreCheck()::sound,
                    store.get()::opened);
            leaders.put("relay " + publishing.topic(), relay::leads);
            relays.add(Loop.start("relay " + publishing.topic(), BUSY, IDLE, relay));
        }
        Sequencer moves = new Sequencer(pool, restoreCheck()::sound);
        leaders.put("sequencer", moves::leads);
        sequencer = Loop.start("sequencer", BUSY, IDLE, new Loop.Step() {
            @Override
            public Uni<Integer> step() {
                return moves.step().invoke(moved -> {
                    if (moved > 0) {
                        relays.forEach(Loop::nudge);
                    }
                });
            }

            @Override
            public Uni<Void> stop() {
                return moves.stop();
            }
        });
        LogSignal signal = new LogSignal(pool);
        List<Loop> readers = new ArrayList<>();
        for (Projection projection : fromTheLog) {
            if (!(projection instanceof InlineProjection)) {
                readers.add(Loop.start("projection " + projection.name(), IDLE, new Projecting(pool, projection)));
            }
        }
        signal.onSignal(() -> readers.forEach(Loop::nudge));
        if (!readers.isEmpty()) {
            run("log signal", RESTORE_IDLE, signal);
        }
        synchronized (loops) {
            loops.add(sequencer);
            loops.addAll(relays);
            loops.addAll(readers);
        }
        Deadlines deadlines = new Deadlines(pool, deadlineHandlers.stream().toList(), this::appended);
        run(
                "deadlines",
                DEADLINE_IDLE,
                () -> mayAct() ? deadlines.step() : Uni.createFrom().item(0));
    }

    private static Optional<PublicEvent> translate(Publishing publishing, StoredEvent stored) {
        return publishing.categories().contains(stored.stream().category())
                ? publishing.translate(stored)
                : Optional.empty();
    }

    /** The projections that can be made anew. */
    public List<Projection> projections() {
        return fromTheLog.stream().toList();
    }

    /** Begins to make a projection anew; it goes on by itself, see {@link Rebuild#progress}. */
    public Uni<Void> rebuild(Projection projection, boolean acceptDifferences) {
        Rebuild rebuild = new Rebuild(pool, projection);
        return rebuild.begin()
                .invoke(() -> Thread.ofVirtual()
                        .name("rebuild " + projection.name())
                        .start(() -> rebuild.run(acceptDifferences)));
    }

    /** Whether this log is the one that others know; see {@link RestoreCheck}. */
    public synchronized RestoreCheck restoreCheck() {
        if (restoreCheck == null) {
            restoreCheck = new RestoreCheck(pool, service(), topics(), new KafkaTail(kafkaConnection()), remembered());
        }
        return restoreCheck;
    }

    private Supplier<Uni<List<Recollection.Remembered>>> remembered() {
        return proofs.keys()
                .<Supplier<Uni<List<Recollection.Remembered>>>>map(
                        keys -> new Recollection(keys.log().key(), proofs.witnesses())::ask)
                .orElse(() -> Uni.createFrom().item(List.of()));
    }

    /** Whether this process leads, by lease. */
    Map<String, BooleanSupplier> leaders() {
        return Map.copyOf(leaders);
    }

    /** Whether the service may take anything: not while a log that was set back or rewritten waits for an operator. */
    public boolean mayAct() {
        return !restoreCheck().verdict().stops();
    }

    /** Begins another life of the log after a restore. */
    public Uni<Restore.Adopted> adoptRestore(String by) {
        Restore restore = new Restore(
                pool,
                service(),
                topics(),
                new KafkaTail(kafkaConnection()),
                stored -> publishings.stream()
                        .flatMap(publishing -> translate(publishing, stored).stream())
                        .findFirst());
        return restore.adopt(by)
                .call(adopted -> Multi.createFrom()
                        .iterable(whenEventsAreLost)
                        .onItem()
                        .transformToUniAndConcatenate(one -> one.follow(adopted.lost()))
                        .onItem()
                        .ignoreAsUni())
                .call(() -> restoreCheck().look());
    }

    void stop(@Observes ShutdownEvent stopping) {
        synchronized (loops) {
            loops.forEach(Loop::close);
            loops.clear();
        }
        KafkaSender open = sender;
        if (open != null) {
            open.close();
        }
    }

    /** Topics that this service publishes. */
    public List<String> topics() {
        return publishings.stream().map(Publishing::topic).toList();
    }

    public Pool pool() {
        return pool;
    }
}
