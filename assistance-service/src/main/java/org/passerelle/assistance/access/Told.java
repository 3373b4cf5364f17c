package org.passerelle.assistance.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.passerelle.eventsourcing.IncomingEvent;

/**
 * Reads another service's event into a record that holds only the fields used here. Fields that are not used may come
 * and go; one that is used and missing is an error, and parks the case.
 */
public final class Told {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private Told() {}

    public static <T> T as(Class<T> type, IncomingEvent event) {
        try {
            return JSON.treeToValue(event.data(), type);
        } catch (JsonProcessingException e) {
            // The message may quote the data: it is not kept.
            throw new IllegalArgumentException(event.type() + " is not what its contract says");
        }
    }
}
