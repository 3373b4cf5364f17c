package org.passerelle.eventsourcing;

import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.PersonalFields;

/**
 * An event as it is to be stored: in the exact bytes that will be stored and, later, proven, once its personal fields are
 * sealed, which the store does.
 *
 * @param type          stored name, see {@link EventTypes}
 * @param schemaVersion from 1
 * @param data          UTF-8 JSON, at most {@link EventStore#MAX_EVENT_BYTES} when it is stored
 * @param unsealed      what is still to be sealed in {@code data}; null for nothing
 */
public record NewEvent(
        String type,
        int schemaVersion,
        byte[] data,
        @Nullable Unsealed unsealed) {

    public NewEvent(String type, int schemaVersion, byte[] data) {
        this(type, schemaVersion, data, null);
    }

    /**
     * @param subject whose personal fields they are; null where nobody said: then it cannot be stored
     */
    public record Unsealed(PersonalFields fields, @Nullable String subject) {}
}
