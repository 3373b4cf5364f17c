package org.passerelle.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * For the services' tests: does what a service publishes follow its contract? Reads the schemas from the class
 * path, as {@code contracts/<service>/<event>.v<n>.schema.json}.
 */
public final class PublishedEvents {
    private static final Pattern TYPE =
            Pattern.compile("passerelle\\.(?<service>[a-z]+)\\.(?<event>[a-z]+(-[a-z]+)*\\.v[1-9][0-9]*)");

    private PublishedEvents() {}

    /**
     * What is wrong with an event's data; empty when it follows its contract.
     *
     * @param type the CloudEvents type, e.g. {@code passerelle.referral.service-offered.v1}
     */
    public static List<String> violations(String type, JsonNode data) {
        var parts = TYPE.matcher(type);
        if (!parts.matches()) {
            return List.of(type + " is no name of a public event");
        }
        var path = "contracts/%s/%s.schema.json".formatted(parts.group("service"), parts.group("event"));
        try (InputStream schema = PublishedEvents.class.getClassLoader().getResourceAsStream(path)) {
            if (schema == null) {
                return List.of(type + " has no contract (" + path + ")");
            }
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(schema, strictly())
                    .validate(data)
                    .stream()
                    .map(message -> type + ": " + message.getMessage())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Formats (uuid, date-time) are checked too; the standard alone would only note them. */
    static SchemaValidatorsConfig strictly() {
        return SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    }
}
