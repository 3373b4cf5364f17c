package org.passerelle.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Notices whoever carries the register away case by case: counts, from the record of looks, the different cases that an
 * account saw within the last hour, and refuses more. The record is some milliseconds old: of requests that come at the same
 * moment a few pass.
 */
@ApplicationScoped
public class HarvestDetector {

    static final Duration WINDOW = Duration.ofHours(1);

    @Inject
    Kernel kernel;

    @Inject
    HarvestLimits limits;

    @Inject
    MeterRegistry metrics;

    /** When an alarm was raised for whom: one an hour is enough. */
    private final Map<String, Instant> raised = new ConcurrentHashMap<>();

    /** @param kind of looks: cases that were opened one by one, or lists of them */
    private record Looks(String account, boolean lists) {
        String kind() {
            return lists ? "listed" : "opened";
        }
    }

    /**
     * @param cases that are about to be given out
     * @param alarm writes the alarm to the record, given its kind and the limit
     * @return failing with {@link TooManyCases}
     */
    Uni<Void> check(
            Caller caller, List<String> cases, java.util.function.BiFunction<String, Integer, Uni<Void>> alarm) {
        if (cases.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Looks looks = new Looks(Memberships.account(caller.issuer(), caller.subject()), cases.size() > 1);
        int limit = limit(caller, looks);
        return kernel.pool()
                .preparedQuery("select coalesce(sum(cases), 0) as given, min(at) as first from person_look"
                        + " where account = $1 and at > now() - interval '1 hour' and (cases > 1) = $2")
                .execute(Tuple.of(looks.account(), looks.lists()))
                .flatMap(rows -> {
                    var row = rows.iterator().next();
                    // Mostly the same cases again: only who seems to have had too many is counted exactly.
                    if (row.getLong("given") + cases.size() <= limit) {
                        return Uni.createFrom().voidItem();
                    }
                    Instant first = row.getOffsetDateTime("first") == null
                            ? Instant.now()
                            : row.getOffsetDateTime("first").toInstant();
                    return others(looks, cases)
                            .flatMap(others ->
                                    others + cases.stream().distinct().count() <= limit
                                            ? Uni.createFrom().voidItem()
                                            : refuse(looks, first, () -> alarm.apply(looks.kind(), limit)));
                });
    }

    private int limit(Caller caller, Looks looks) {
        boolean system = caller.isA(Role.PARTNER_SYSTEM);
        if (looks.lists()) {
            return system ? limits.listedBySystems() : limits.listed();
        }
        return system ? limits.openedBySystems() : limits.opened();
    }

    private Uni<Long> others(Looks looks, List<String> cases) {
        return kernel.pool()
                .preparedQuery("select count(distinct c.case_code) as others from person_look p"
                        + " join case_look c on c.event_id = p.event_id"
                        + " where p.account = $1 and p.at > now() - interval '1 hour' and (p.cases > 1) = $2"
                        + " and not c.case_code = any ($3)")
                .execute(Tuple.of(looks.account(), looks.lists(), cases.toArray(String[]::new)))
                .map(rows -> rows.iterator().next().getLong("others"));
    }

    private Uni<Void> refuse(Looks looks, Instant first, Supplier<Uni<Void>> alarm) {
        metrics.counter("passerelle.access.harvest", "kind", looks.kind()).increment();
        Instant now = Instant.now();
        Duration wait = Duration.between(now, first.plus(WINDOW));
        TooManyCases refused =
                new TooManyCases(wait.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : wait);
        return firstWithinTheHour(looks, now)
                ? alarm.get()
                        .onFailure()
                        .invoke(() -> raised.remove(looks.kind() + " " + looks.account()))
                        .chain(() -> Uni.createFrom().failure(refused))
                : Uni.createFrom().failure(refused);
    }

    private boolean firstWithinTheHour(Looks looks, Instant now) {
        raised.values().removeIf(at -> at.isBefore(now.minus(WINDOW)));
        return raised.putIfAbsent(looks.kind() + " " + looks.account(), now) == null;
    }
}
