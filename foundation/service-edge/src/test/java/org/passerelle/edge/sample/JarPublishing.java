package org.passerelle.edge.sample;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.eventsourcing.Publishing;
import org.passerelle.eventsourcing.StoredEvent;

/** Tells that a coin was added, not which. */
@ApplicationScoped
public class JarPublishing implements Publishing {

    public record PublicCoin(long number) {}

    @Override
    public String topic() {
        return "passerelle.sample";
    }

    @Override
    public Set<String> categories() {
        return Set.of("jar");
    }

    @Override
    public Optional<PublicEvent> translate(StoredEvent stored) {
        String jar = stored.stream().key();
        return Optional.of(
                new PublicEvent("passerelle.sample.coin-added.v1", jar, jar, new PublicCoin(stored.version())));
    }
}
