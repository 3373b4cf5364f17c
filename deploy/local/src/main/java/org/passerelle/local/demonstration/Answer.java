package org.passerelle.local.demonstration;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a service answered; a body that is not JSON reads as missing. */
public record Answer(
        int status,
        JsonNode body,
        @Nullable String etag,
        @Nullable String location,
        String text) {

    public boolean succeeded() {
        return status >= 200 && status < 300;
    }

    /** The value of a field that the answer must have. */
    public String field(String name) {
        return Optional.ofNullable(body.get(name))
                .map(JsonNode::asText)
                .orElseThrow(() -> new IllegalStateException("No field " + name + " in the answer: " + text));
    }
}
