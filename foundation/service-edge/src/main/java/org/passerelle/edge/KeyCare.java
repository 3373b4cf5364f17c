package org.passerelle.edge;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.KeyNames;
import org.passerelle.eventsourcing.sealing.DataKeys;

/** Wraps data keys anew when what wraps them has changed, writes whose new ones are, and destroys those of old answers. */
@ApplicationScoped
public class KeyCare {

    private static final Logger LOG = Logger.getLogger(KeyCare.class);
    private static final Duration REWRAP_IDLE = Duration.ofSeconds(10);
    private static final int AT_A_TIME = 200;
    private static final Duration REPLAY_IDLE = Duration.ofMinutes(1);
    private static final Duration NAMES_IDLE = Duration.ofSeconds(1);
    private static final Duration ANSWERS_IDLE = Duration.ofHours(1);

    /** Days for which a repeated command gets the whole answer; afterwards status, location and version. */
    private static final int ANSWERS_KEPT = 30;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A migration job has no keys. */
    @ConfigProperty(name = "quarkus.init-and-exit", defaultValue = "false")
    boolean migratesOnly;

    @Inject
    Kernel kernel;

    @Inject
    Pool pool;

    @Inject
    @ReactiveDataSource("keys")
    Pool keyPool;

    @Inject
    DataKeys keys;

    @Inject
    EventStore store;

    @Inject
    Erasures erasures;

    /** Before anything is read: what cannot be unwrapped must not be taken for erased, nor found out one by one. */
    void start(@Observes @Priority(9_900) StartupEvent started) {
        if (migratesOnly) {
            return;
        }
        DataKeys.Status status = keys.status().await().atMost(PATIENCE);
        if (status.missing() > 0) {
            throw new IllegalStateException(status.missing() + " data keys are wrapped by key-encryption keys that are"
                    + " not at hand: name them in passerelle.keys.former-encryption, or put back the key file");
        }
        // An older backup of the keys may have been put back: first whose they are, then who is erased.
        KeyNames names = new KeyNames(pool, keyPool);
        while (names.next().await().atMost(PATIENCE) > 0) {
            // more pages of the log
        }
        tell(erasures.replay().await().atMost(PATIENCE));
        kernel.run("erasures", REPLAY_IDLE, () -> erasures.replay().invoke(KeyCare::tell));
        kernel.run(
                "key wrapping",
                REWRAP_IDLE,
                () -> keys.rewrap(AT_A_TIME).invoke(wrapped -> {
                    if (wrapped > 0) {
                        LOG.infof("%d data keys wrapped anew", wrapped);
                    }
                }));
        kernel.run("key names", NAMES_IDLE, names);
        kernel.run(
                "old answers",
                ANSWERS_IDLE,
                () -> store.forgetAnswers(LocalDate.now(ZoneOffset.UTC).minusDays(ANSWERS_KEPT)));
    }

    private static void tell(int persons) {
        if (persons > 0) {
            LOG.warnf("keys of %d erased persons had come back and are destroyed again", persons);
        }
    }
}
