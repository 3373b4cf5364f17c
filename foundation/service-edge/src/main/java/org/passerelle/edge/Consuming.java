package org.passerelle.edge;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.Inbox;
import org.passerelle.eventsourcing.KafkaInbox;
import org.passerelle.eventsourcing.Parking;

/**
 * Runs the effects that a service declares as beans, each as a consumer of its own: a case that waits in one of them
 * holds up no other.
 */
@ApplicationScoped
public class Consuming {

    private static final Logger LOG = Logger.getLogger(Consuming.class);
    private static final Duration WAITING_IDLE = Duration.ofSeconds(1);

    @Inject
    Kernel kernel;

    @Inject
    Inbox inbox;

    @Inject
    Instance<Effect> declared;

    @Inject
    MeterRegistry metrics;

    /** Topics that the service may read, as its cluster's access lists say. */
    @ConfigProperty(name = "passerelle.listens-to")
    Optional<List<String>> listensTo;

    private final Map<String, Effect> effects = new TreeMap<>();
    /** Read by health checks while the last are started. */
    private final List<KafkaInbox> running = new CopyOnWriteArrayList<>();

    void start(@Observes @Priority(10_100) StartupEvent started) {
        for (Effect effect : declared) {
            if (effects.put(effect.consumer(), effect) != null) {
                throw new IllegalStateException("two effects are called " + effect.consumer());
            }
            if (!listensTo.orElse(List.of()).contains(effect.topic())) {
                throw new IllegalStateException("passerelle.listens-to does not name " + effect.topic());
            }
        }
        for (Effect effect : effects.values()) {
            KafkaInbox open = new KafkaInbox(
                            kernel.kafkaConnection(),
                            kernel.service() + "." + effect.consumer(),
                            effect,
                            inbox,
                            kernel.pool(),
                            kernel::mayAct,
                            watcher())
                    .start();
            Gauge.builder("passerelle.consumer.lag", open, KafkaInbox::lag)
                    .tag("consumer", effect.consumer())
                    .description("records on the topic that this replica has not fetched yet")
                    .register(metrics);
            running.add(open);
        }
        if (!effects.isEmpty()) {
            Parking parking = kernel.parking();
            kernel.run(
                    "waiting facts",
                    WAITING_IDLE,
                    () -> kernel.mayAct()
                            ? parking.retryWaiting(effects).call(this::tellOverdue)
                            : Uni.createFrom().item(0));
        }
    }

    private KafkaInbox.Watcher watcher() {
        return new KafkaInbox.Watcher() {
            @Override
            public void handled(String consumer, List<Inbox.Result> results) {
                results.forEach(result -> metrics.counter(
                                "passerelle.consumer.records", "consumer", consumer, "result", result.name())
                        .increment());
            }

            @Override
            public void foreign(String consumer) {
                metrics.counter("passerelle.consumer.foreign", "consumer", consumer)
                        .increment();
            }
        };
    }

    private Uni<Void> tellOverdue() {
        return Parking.overdue(kernel.pool())
                .invoke(cases -> cases.forEach(
                        one -> LOG.warnf("%s: %s has waited ten minutes, %s", one.consumer(), one.key(), one.reason())))
                .replaceWithVoid();
    }

    /** Stops before the kernel does, whose pool and sequencer the last effects need. */
    void stop(@Observes @Priority(10) ShutdownEvent stopping) {
        running.forEach(KafkaInbox::close);
        running.clear();
    }

    /** Whether the facts that decide access have been heard to their end once since the start. */
    public boolean heardWhatDecidesAccess() {
        return running.stream()
                .filter(open -> effects.get(open.consumer()) instanceof Effect effect && effect.decidesAccess())
                .allMatch(KafkaInbox::caughtUp);
    }

    /** The effect of a consumer. */
    public Optional<Effect> effect(String consumer) {
        return Optional.ofNullable(effects.get(consumer));
    }

    /**
     * Whether a fact that decides access to a case could not be processed: then nothing of the case is given out on the
     * strength of what is known of it.
     */
    public Uni<Boolean> denied(SqlClient client, String caseCode) {
        List<String> deciding = effects.values().stream()
                .filter(Effect::decidesAccess)
                .map(Effect::consumer)
                .toList();
        return Parking.denied(client, deciding, caseCode);
    }

    /**
     * Those relations to a case that count: while a fact that decides access could not be processed, being one of its
     * providers, or having been, counts for nothing.
     */
    public Uni<Set<Relation>> counting(String caseCode, Set<Relation> relations) {
        if (Collections.disjoint(relations, AccessPolicy.OF_PROVIDERS)) {
            return Uni.createFrom().item(relations);
        }
        return denied(kernel.pool(), caseCode).map(denied -> {
            if (!denied) {
                return relations;
            }
            Set<Relation> left = new HashSet<>(relations);
            left.removeAll(AccessPolicy.OF_PROVIDERS);
            return left;
        });
    }
}
