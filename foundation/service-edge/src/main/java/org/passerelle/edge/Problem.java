package org.passerelle.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 9457 problem details.
 *
 * @param type   stable: {@code urn:passerelle:problem:} and the code
 * @param detail what to do about it, in the reader's language
 * @param errors which fields are at fault; null where none is
 * @param currentVersion with 412: the version the thing has now
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable List<FieldError> errors,
        @Nullable Long currentVersion) {

    /**
     * @param field path in the request: {@code person.birthDate}; or the name of a header
     */
    public record FieldError(String field, String message) {}
}
