package org.passerelle.edge;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Exposure;
import org.passerelle.eventsourcing.Proving;
import org.passerelle.eventsourcing.Witness;
import org.passerelle.eventsourcing.Witnessing;
import org.passerelle.proof.ServiceKeys;

/** Runs what proves the service's log, and says how much of it no witness has seen yet. */
@ApplicationScoped
public class Proofs {

    private static final Logger LOG = Logger.getLogger(Proofs.class);

    /** Between two looks for new events: many are proven at the cost of one. */
    private static final Duration PROVE = Duration.ofSeconds(1);

    private static final Duration MEASURE = Duration.ofSeconds(5);

    @Inject
    Kernel kernel;

    @Inject
    ProofSettings settings;

    @Inject
    MeterRegistry metrics;

    private volatile Exposure exposure = new Exposure(new UUID(0, 0), 0, 0, 0, 0);
    private @Nullable Witness witness;
    private @Nullable Witnessing witnessing;

    void start(@Observes @Priority(10_100) StartupEvent started) {
        Optional<ServiceKeys> keys = settings.keys();
        if (keys.isEmpty()) {
            LOG.warn("no keys (passerelle.proof.keys): the history of this service is not proven");
            return;
        }
        int quorum = settings.quorum();
        Proving proving = new Proving(
                kernel.pool(),
                settings.service(),
                keys.get().log(),
                () -> kernel.restoreCheck().sound());
        kernel.run("proof", PROVE, proving);
        witness = new Witness(kernel.pool(), keys.get().witness(), settings.watched(), Clock.systemUTC());
        witnessing = new Witnessing(kernel.pool(), settings.witnesses());
        kernel.run("witnessing", Witnessing.EVERY, witnessing);
        Gauge.builder("passerelle.leader", proving, leader -> leader.leads() ? 1 : 0)
                .tag("lease", "proof")
                .description("1 where this replica leads")
                .register(metrics);
        Gauge.builder("passerelle.proof.exposed.seconds", this, self -> self.exposure.seconds())
                .description("age of the oldest event that no witness has seen")
                .register(metrics);
        Gauge.builder("passerelle.proof.exposed.events", this, self -> self.exposure.events())
                .description("events that no witness has seen")
                .register(metrics);
        Gauge.builder("passerelle.proof.contradicted", this, self -> self.contradicted() ? 1 : 0)
                .description("1 while a witness has seen another history of this log")
                .register(metrics);
        kernel.run(
                "exposure",
                MEASURE,
                () -> Exposure.of(kernel.pool(), quorum)
                        .invoke(found -> exposure = found)
                        .replaceWith(0));
    }

    /** As of a few seconds ago. */
    Exposure exposure() {
        return exposure;
    }

    Map<String, Witnessing.Verdict> verdicts() {
        Witnessing asked = witnessing;
        return asked == null ? Map.of() : asked.verdicts();
    }

    boolean contradicted() {
        return verdicts().containsValue(Witnessing.Verdict.CONTRADICTED);
    }

    /** Empty where this service has no keys. */
    Optional<Witness> witness() {
        return Optional.ofNullable(witness);
    }
}
