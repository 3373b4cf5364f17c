package org.passerelle.referral.referring.rest;

import io.netty.handler.codec.http.QueryStringDecoder;
import jakarta.ws.rs.BadRequestException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the page behind a link sends. Read from the whole body: the server's own reader of forms leaves a request without an
 * answer where a form is not encoded as its type says.
 */
record LinkForm(
        @Nullable String code,
        @Nullable String action,
        @Nullable String reason,
        @Nullable String outcome,
        @Nullable String note) {

    /** @throws BadRequestException where it cannot be decoded */
    static LinkForm of(String body) {
        Map<String, List<String>> fields;
        try {
            fields = new QueryStringDecoder(body, StandardCharsets.UTF_8, false).parameters();
        } catch (IllegalArgumentException notEncoded) {
            throw new BadRequestException();
        }
        return new LinkForm(
                first(fields, "code"),
                first(fields, "action"),
                first(fields, "reason"),
                first(fields, "outcome"),
                first(fields, "note"));
    }

    private static @Nullable String first(Map<String, List<String>> fields, String name) {
        List<String> values = fields.getOrDefault(name, List.of());
        return values.isEmpty() ? null : values.getFirst();
    }
}
