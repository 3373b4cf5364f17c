package org.passerelle.referral.subscriptions;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.passerelle.edge.Kernel;
import org.passerelle.eventsourcing.Loop;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.eventsourcing.Relay;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.SubscriptionId;

/**
 * Fills the topic of each subscription: one relay each with a position of its own, so that a topic that cannot be written
 * holds up no other. Limit: every relay reads the whole log, which is sound up to some dozens of subscriptions.
 */
@ApplicationScoped
public class SubscriptionRelays implements Loop.Step {

    private static final Duration IDLE = Duration.ofMillis(200);
    private static final Duration KEPT = Duration.ofDays(30);

    @Inject
    Pool pool;

    @Inject
    Kernel kernel;

    private final Map<UUID, Relay> relays = new HashMap<>();

    void start(@Observes @Priority(10_100) StartupEvent started) {
        kernel.run("subscriptions", IDLE, this);
    }

    @Override
    public Uni<Integer> step() {
        // A suspended organisation hears nothing; its topic goes on from where it stopped when it is reactivated.
        return pool.query("select id, organisation_id from subscription where not exists (select 1"
                        + " from organisation_standing where organisation = organisation_id::text and suspended)"
                        + " order by id")
                .execute()
                .flatMap(rows -> {
                    Uni<Integer> passed = Uni.createFrom().item(0);
                    for (Row row : rows) {
                        UUID id = row.getUUID("id");
                        UUID organisation = row.getUUID("organisation_id");
                        passed = passed.flatMap(before -> relay(id, organisation)
                                .flatMap(Relay::step)
                                // the others go on; this one begins again from its position
                                .onFailure()
                                .recoverWithItem(0)
                                .map(now -> before + now));
                    }
                    return passed;
                });
    }

    private Uni<Relay> relay(UUID id, UUID organisation) {
        Relay known = relays.get(id);
        if (known != null) {
            return Uni.createFrom().item(known);
        }
        String topic = SubscriptionStream.topic(new SubscriptionId(id));
        OrganisationId reader = new OrganisationId(organisation);
        return create(topic).map(made -> {
            Relay relay = new Relay(
                    pool,
                    topic,
                    kernel.service(),
                    stored -> translate(stored, reader),
                    wave -> kernel.sender().send(wave));
            relays.put(id, relay);
            return relay;
        });
    }

    private static Optional<PublicEvent> translate(StoredEvent stored, OrganisationId reader) {
        return ConcernProjection.concerned(stored).contains(reader)
                ? Optional.of(
                        Subscriptions.event(stored.stream(), stored.type(), stored.schemaVersion(), stored.data()))
                : Optional.empty();
    }

    private Uni<Boolean> create(String topic) {
        Uni<Boolean> made = Uni.createFrom().item(() -> {
            // broker's default replication
            NewTopic wanted = new NewTopic(topic, Optional.of(1), Optional.empty())
                    .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(KEPT.toMillis())));
            try (Admin admin = Admin.create(kernel.kafkaConnection())) {
                admin.createTopics(Set.of(wanted)).all().get();
                return true;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TopicExistsException) {
                    return true;
                }
                throw new IllegalStateException("cannot create a subscription's topic", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        });
        // the admin client blocks
        return made.runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    @Override
    public Uni<Void> stop() {
        Uni<Void> stopped = Uni.createFrom().voidItem();
        for (Relay relay : List.copyOf(relays.values())) {
            stopped = stopped.chain(relay::stop);
        }
        return stopped;
    }
}
