package org.passerelle.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.Inbox;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.IncomingRecords;

/**
 * From a Kafka channel to an effect. A service has one channel per topic, with an {@code @Incoming} method that returns
 * what {@link #receive} returns: the record is acknowledged when its effect is committed.
 */
@ApplicationScoped
public class Consuming {

    private static final Logger LOG = Logger.getLogger(Consuming.class);

    @Inject
    Inbox inbox;

    @Inject
    MeterRegistry metrics;

    public Uni<Void> receive(ConsumerRecord<String, byte[]> record, Effect effect) {
        IncomingEvent event;
        try {
            event = IncomingRecords.read(record.key(), record.value(), record.headers());
        } catch (IncomingRecords.NotAnEvent foreign) {
            // Not ours: it belongs to no case, so there is nothing to park; it stays on the topic to be looked at.
            LOG.errorf("%s: %s at offset %d", effect.consumer(), foreign.getMessage(), record.offset());
            metrics.counter("passerelle.consumer.foreign", "consumer", effect.consumer())
                    .increment();
            return Uni.createFrom().voidItem();
        }
        return inbox.receive(event, effect)
                .invoke(result -> metrics.counter(
                                "passerelle.consumer.records", "consumer", effect.consumer(), "result", result.name())
                        .increment())
                .replaceWithVoid();
    }
}
