package org.passerelle.edge;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/**
 * Says in the OpenAPI document the limits that hold of everything, where a field has none of its own: those of
 * {@link StrictReading} for what stands in JSON, those of the server for the rest of a request, those of Java for numbers.
 */
final class OpenApiLimits {

    /** The server reads no longer first line of a request, {@code quarkus.http.limits.max-initial-line-length}. */
    private static final int IN_A_REQUEST_LINE = 4096;

    /** The largest body of all, the directory's zip; in octets. */
    private static final int OF_A_BODY = 64 << 20;

    /** PostgreSQL keeps no NUL in a text, so none is taken, and none can come. */
    private static final String WITHOUT_NUL = "^[^\\u0000]*$";

    private static final Map<String, Integer> LENGTHS = Map.of("uuid", 36, "date", 16, "date-time", 40, "duration", 64);

    private final Set<Schema> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private OpenApiLimits() {}

    static void write(OpenAPI document) {
        OpenApiLimits limits = new OpenApiLimits();
        if (document.getComponents().getSchemas() != null) {
            limits.all(document.getComponents().getSchemas().values(), StrictReading.LONGEST_TEXT);
        }
        document.getPaths()
                .getPathItems()
                .values()
                .forEach(path -> path.getOperations().values().forEach(limits::operation));
    }

    private void operation(Operation operation) {
        for (Parameter parameter :
                operation.getParameters() == null ? List.<Parameter>of() : operation.getParameters()) {
            schema(parameter.getSchema(), IN_A_REQUEST_LINE);
        }
        if (operation.getRequestBody() != null) {
            content(operation.getRequestBody().getContent());
        }
        for (APIResponse response : operation.getResponses().getAPIResponses().values()) {
            content(response.getContent());
            if (response.getHeaders() != null) {
                response.getHeaders().values().stream()
                        .map(Header::getSchema)
                        .forEach(one -> schema(one, IN_A_REQUEST_LINE));
            }
        }
    }

    private void content(@Nullable Content content) {
        if (content != null) {
            for (Map.Entry<String, MediaType> type : content.getMediaTypes().entrySet()) {
                schema(
                        type.getValue().getSchema(),
                        type.getKey().endsWith("json") ? StrictReading.LONGEST_TEXT : OF_A_BODY);
            }
        }
    }

    private void all(@Nullable Collection<Schema> schemas, int longest) {
        if (schemas != null) {
            schemas.forEach(schema -> schema(schema, longest));
        }
    }

    private void schema(@Nullable Schema schema, int longest) {
        if (schema == null || !seen.add(schema)) {
            return;
        }
        List<Schema.SchemaType> types = schema.getType() == null ? List.of() : schema.getType();
        if (types.contains(Schema.SchemaType.STRING) && schema.getEnumeration() == null) {
            string(schema, longest);
        }
        if (types.contains(Schema.SchemaType.INTEGER)) {
            integer(schema);
        }
        if (types.contains(Schema.SchemaType.ARRAY) && schema.getMaxItems() == null) {
            schema.setMaxItems(StrictReading.MOST_TOKENS);
        }
        schema(schema.getItems(), longest);
        schema(schema.getAdditionalPropertiesSchema(), longest);
        if (schema.getProperties() != null) {
            all(schema.getProperties().values(), longest);
        }
        all(schema.getAllOf(), longest);
        all(schema.getAnyOf(), longest);
        all(schema.getOneOf(), longest);
    }

    private static void string(Schema schema, int longest) {
        String format = schema.getFormat();
        if (schema.getMaxLength() == null) {
            schema.setMaxLength(format == null ? longest : LENGTHS.getOrDefault(format, longest));
        }
        if (format == null && schema.getPattern() == null) {
            schema.setPattern(WITHOUT_NUL);
        }
    }

    private static void integer(Schema schema) {
        boolean small = "int32".equals(schema.getFormat());
        if (schema.getFormat() == null) {
            schema.setFormat("int64");
        }
        if (schema.getMinimum() == null && schema.getExclusiveMinimum() == null) {
            schema.setMinimum(BigDecimal.valueOf(small ? Integer.MIN_VALUE : Long.MIN_VALUE));
        }
        if (schema.getMaximum() == null && schema.getExclusiveMaximum() == null) {
            schema.setMaximum(BigDecimal.valueOf(small ? Integer.MAX_VALUE : Long.MAX_VALUE));
        }
    }
}
