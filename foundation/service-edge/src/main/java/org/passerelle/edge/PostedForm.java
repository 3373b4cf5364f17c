package org.passerelle.edge;

import io.netty.handler.codec.http.QueryStringDecoder;
import jakarta.ws.rs.BadRequestException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a page's form. Read from the whole body: the server's own reader of forms leaves a request without an answer
 * where a form is not encoded as its type says.
 */
public final class PostedForm {

    private final Map<String, List<String>> fields;

    private PostedForm(Map<String, List<String>> fields) {
        this.fields = fields;
    }

    /** @throws BadRequestException where it cannot be decoded */
    public static PostedForm of(String body) {
        try {
            return new PostedForm(new QueryStringDecoder(body, StandardCharsets.UTF_8, false).parameters());
        } catch (IllegalArgumentException notEncoded) {
            throw new BadRequestException();
        }
    }

    /** The first of that name; null where there is none. */
    public @Nullable String field(String name) {
        List<String> values = fields.getOrDefault(name, List.of());
        return values.isEmpty() ? null : values.getFirst();
    }
}
