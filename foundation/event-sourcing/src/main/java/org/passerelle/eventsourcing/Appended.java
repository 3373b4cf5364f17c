package org.passerelle.eventsourcing;

import java.util.List;
import java.util.Map;

/**
 * What an append did.
 *
 * @param versions each stream's version afterwards
 * @param events   what was stored, in order
 */
public record Appended(Map<StreamId, Long> versions, List<StoredEvent> events) {

    /** The version of the one stream of this append. */
    public long version() {
        return versions.values().iterator().next();
    }
}
