package org.passerelle.eventsourcing;

import java.util.Optional;
import java.util.Set;

/** How a service tells others: the pure translation of its stored events to their public, versioned form. */
public interface Publishing {

    /** The service's own topic. */
    String topic();

    /** Stream categories that have a public form. */
    Set<String> categories();

    /** The public form, or nothing where an event is nobody else's business. */
    Optional<PublicEvent> translate(StoredEvent stored);
}
