package org.passerelle.edge;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.passerelle.eventsourcing.Lags;

/** How far the service's log, relays, consumers and deadlines lag behind, measured every few seconds. */
@ApplicationScoped
public class LagMetrics {

    private static final Duration EVERY = Duration.ofSeconds(5);

    @Inject
    Kernel kernel;

    @Inject
    MeterRegistry metrics;

    private volatile Lags lags = new Lags(0, 0, 0, List.of(), List.of(), 0, List.of());

    void start(@Observes @Priority(10_200) StartupEvent started) {
        gauge("passerelle.sequencer.pending", "committed events without a position in the log", Lags::pending);
        gauge("passerelle.sequencer.pending.age.seconds", "age of the oldest of them", Lags::pendingAge);
        gauge("passerelle.log.head", "last position of the log", Lags::lastSeq);
        gauge(
                "passerelle.deadline.overdue.seconds",
                "how long the earliest due deadline is overdue",
                Lags::deadlineAge);
        Gauge.builder("passerelle.log.behind", kernel, k -> k.mayAct() ? 0 : 1)
                .description("1 while a log that was restored or contradicted waits for ctl adopt-restore")
                .register(metrics);
        kernel.leaders()
                .forEach((name, leads) -> Gauge.builder("passerelle.leader", leads, flag -> flag.getAsBoolean() ? 1 : 0)
                        .tag("lease", name)
                        .description("1 where this replica leads")
                        .register(metrics));
        MultiGauge relayEntries = multi("passerelle.relay.lag", "log entries that a relay has not passed");
        MultiGauge relayAges = multi("passerelle.relay.lag.seconds", "age of the oldest of them");
        MultiGauge parked = multi("passerelle.consumer.parked", "cases that wait for an operator");
        MultiGauge parkedAges =
                multi("passerelle.consumer.parked.age.seconds", "how long the first of them has waited");
        MultiGauge waiting = multi("passerelle.consumer.waiting", "cases that wait for a fact from another topic");
        MultiGauge waitingAges =
                multi("passerelle.consumer.waiting.age.seconds", "how long the first of them has waited");
        MultiGauge terms = multi("passerelle.lease.term", "term of a lease; it grows at every change of leader");
        kernel.run(
                "measurements",
                EVERY,
                () -> Lags.of(kernel.pool())
                        .invoke(found -> {
                            lags = found;
                            rows(relayEntries, "topic", found.relays(), Lags.RelayLag::topic, Lags.RelayLag::entries);
                            rows(relayAges, "topic", found.relays(), Lags.RelayLag::topic, Lags.RelayLag::age);
                            rows(parked, "consumer", found.parked(), Lags.Parked::consumer, Lags.Parked::cases);
                            rows(parkedAges, "consumer", found.parked(), Lags.Parked::consumer, Lags.Parked::age);
                            rows(waiting, "consumer", found.parked(), Lags.Parked::consumer, Lags.Parked::waiting);
                            rows(waitingAges, "consumer", found.parked(), Lags.Parked::consumer, Lags.Parked::waitAge);
                            rows(terms, "lease", found.leases(), Lags.Held::name, Lags.Held::term);
                        })
                        .replaceWith(0));
    }

    private void gauge(String name, String what, ToDoubleFunction<Lags> value) {
        Gauge.builder(name, this, self -> value.applyAsDouble(self.lags))
                .description(what)
                .register(metrics);
    }

    private MultiGauge multi(String name, String what) {
        return MultiGauge.builder(name).description(what).register(metrics);
    }

    private static <T> void rows(
            MultiGauge gauge,
            String tag,
            List<T> found,
            java.util.function.Function<T, String> name,
            ToDoubleFunction<T> value) {
        gauge.register(
                found.stream()
                        .<Row<?>>map(one -> Row.of(Tags.of(tag, name.apply(one)), value.applyAsDouble(one)))
                        .toList(),
                true);
    }
}
