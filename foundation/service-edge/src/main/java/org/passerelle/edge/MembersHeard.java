package org.passerelle.edge;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How long ago the source of memberships and relations was heard. After too long nobody can say who was suspended or removed
 * meanwhile: then personal fields are given to nobody, codes and clocks go on. Never down for it: a case can still be
 * referred.
 */
@ApplicationScoped
public class MembersHeard {

    private static final Duration LOOK = Duration.ofSeconds(2);

    @Inject
    Kernel kernel;

    @Inject
    Instance<FollowingMembers> following;

    @Inject
    MeterRegistry metrics;

    @ConfigProperty(name = "passerelle.access.silence", defaultValue = "PT5M")
    Duration silence;

    private volatile Instant at = Instant.now();

    void start(@Observes @Priority(10_200) StartupEvent started) {
        if (following.isUnsatisfied()) {
            return;
        }
        kernel.run("members heard", LOOK, () -> look().replaceWith(0));
        Gauge.builder(
                        "passerelle.access.source.silent",
                        this,
                        heard -> heard.silence().toMillis() / 1000.0)
                .description("seconds since the source of memberships and relations was heard")
                .register(metrics);
    }

    private Uni<Void> look() {
        return kernel.pool()
                .query("select at from members_heard")
                .execute()
                .invoke(rows ->
                        at = rows.iterator().next().getOffsetDateTime("at").toInstant())
                .replaceWithVoid();
    }

    /** Since the source was heard; nothing in the service that is the source. */
    Duration silence() {
        return following.isUnsatisfied() ? Duration.ZERO : Duration.between(at, Instant.now());
    }

    Duration limit() {
        return silence;
    }

    /** Whether personal fields are held back. */
    public boolean silent() {
        return silence().compareTo(silence) > 0;
    }
}
