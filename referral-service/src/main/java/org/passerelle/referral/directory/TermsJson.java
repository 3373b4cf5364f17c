package org.passerelle.referral.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import org.jspecify.annotations.Nullable;

/** Terms as the text that the table of services keeps; nobody searches in it. */
final class TermsJson {

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private TermsJson() {}

    static @Nullable String write(@Nullable Terms terms) {
        try {
            return terms == null ? null : JSON.writeValueAsString(terms);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("terms cannot be written", e);
        }
    }

    static @Nullable Terms read(@Nullable String text) {
        try {
            return text == null ? null : JSON.readValue(text, Terms.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("terms cannot be read", e);
        }
    }
}
