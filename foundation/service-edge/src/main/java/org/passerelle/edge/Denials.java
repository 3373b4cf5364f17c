package org.passerelle.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Metadata;

/**
 * Counts refused requests per caller and minute: one event each, however often somebody knocks. A replica that is killed
 * loses the counts of its last minute; what was given out is recorded at once, by {@link Reads}.
 */
@ApplicationScoped
public class Denials {

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration LAST = Duration.ofSeconds(3);

    static final String NOBODY = "nobody";
    static final String TOKEN = "token";
    static final String BAD_INPUT = "bad-input";
    static final String TOO_MANY = "too-many-requests";

    /** Who asked for what. */
    record Asked(Membership.Claims claims, String action) {}

    private record Knocker(
            String issuer, String subject, @Nullable String organisation, Instant minute) {}

    @Inject
    Kernel kernel;

    @Inject
    Reads reads;

    @Inject
    MeterRegistry metrics;

    private final Map<Knocker, Map<String, Integer>> counts = new ConcurrentHashMap<>();

    void start(@Observes @Priority(10_200) StartupEvent started) {
        kernel.run("denials", LOOK, () -> write(Instant.now().truncatedTo(ChronoUnit.MINUTES)));
    }

    /** What was answered: a refusal counts as what was asked for, whatever else somebody tries as what it is. */
    void count(Asked asked, int status) {
        String refused = switch (status) {
            case 401, 403, 404 -> asked.action();
            case 400, 413, 415, 422 -> BAD_INPUT;
            case 429 -> TOO_MANY;
            default -> null;
        };
        if (refused != null) {
            Membership.Claims claims = asked.claims();
            count(claims.issuer(), claims.subject(), claims.organisation(), refused);
        }
    }

    /** A login that is none says nothing that could be believed of who shows it. */
    void countRefusedToken() {
        count(NOBODY, NOBODY, null, TOKEN);
    }

    /** Of whoever has no account, but something that says who they are. */
    public void count(String issuer, String subject, @Nullable String organisation, String action) {
        Knocker knocker =
                new Knocker(issuer, subject, organisation, Instant.now().truncatedTo(ChronoUnit.MINUTES));
        add(knocker, Map.of(action, 1));
        metrics.counter("passerelle.access.denied", "action", action).increment();
    }

    private void add(Knocker knocker, Map<String, Integer> more) {
        counts.merge(knocker, more, (before, now) -> {
            Map<String, Integer> sum = new HashMap<>(before);
            now.forEach((action, times) -> sum.merge(action, times, Integer::sum));
            return Map.copyOf(sum);
        });
    }

    /** Those of the minutes before; what cannot be written is kept for the next time. */
    public Uni<Integer> write(Instant before) {
        return Multi.createFrom()
                .iterable(counts.keySet().stream()
                        .filter(knocker -> knocker.minute().isBefore(before))
                        .toList())
                .onItem()
                .transformToUniAndConcatenate(this::write)
                .collect()
                .asList()
                .map(written -> 0);
    }

    private Uni<Boolean> write(Knocker knocker) {
        Map<String, Integer> refused = counts.remove(knocker);
        if (refused == null) {
            return Uni.createFrom().item(false);
        }
        Metadata by = new Metadata(
                knocker.issuer(),
                knocker.subject(),
                knocker.organisation(),
                UUID.randomUUID().toString(),
                null);
        return reads.refused(knocker.minute(), refused, by)
                .replaceWith(true)
                .onFailure()
                .invoke(() -> add(knocker, refused));
    }

    /** Before the kernel stops. */
    void stop(@Observes @Priority(20) ShutdownEvent stopping) {
        write(Instant.MAX).onFailure().recoverWithItem(0).await().atMost(LAST);
    }
}
