package org.passerelle.edge;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.jspecify.annotations.Nullable;

/**
 * A service's {@code openapi-examples.json}: one invented story, step by step, that the tests play against the running
 * service ({@code ExamplesBattery}). The document shows an operation's first step; ids in it are those of the story, so
 * that a reader can follow a case from one operation to the next. What every service has in common is told once, in {@code
 * openapi-examples-of-all.json}.
 */
final class OpenApiExamples {

    /**
     * One request of the story. What says who asks it is for the test alone.
     *
     * @param operation as {@code POST /identification/cases}
     * @param path      values of the path's parameters
     * @param query     likewise
     * @param ifMatch   where something existing is changed: {@code read} where the path's thing tells its version, {@code
     *                  read-there} where the path itself does
     * @param type      of the request, where that is not JSON
     * @param request   a text where it is neither JSON nor a form
     * @param response  likewise; null for a file that is no text, and where nothing is answered
     */
    record Step(
            String operation,
            List<String> roles,
            @Nullable String of,
            @Nullable Map<String, String> path,
            @Nullable Map<String, String> query,
            @Nullable String ifMatch,
            @Nullable String type,
            @Nullable Object request,
            int status,
            @Nullable Object response) {}

    private static final String FILE = "openapi-examples.json";

    /** Its operations are written as {@code GET /{service}/proof}. */
    private static final String OF_ALL = "openapi-examples-of-all.json";

    private OpenApiExamples() {}

    static void write(OpenAPI document) {
        Set<String> shown = new HashSet<>();
        for (String file : List.of(FILE, OF_ALL)) {
            for (Step step : story(file, service(document))) {
                if (shown.add(step.operation())) {
                    show(step, document);
                }
            }
        }
    }

    private static String service(OpenAPI document) {
        return document.getPaths().getPathItems().keySet().iterator().next().split("/", -1)[1];
    }

    private static List<Step> story(String file, String service) {
        try (InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(file)) {
            return in == null
                    ? List.of()
                    : new ObjectMapper()
                            .readValue(
                                    new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("{service}", service),
                                    new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void show(Step step, OpenAPI document) {
        String[] named = step.operation().split(" ", 2);
        PathItem item = document.getPaths().getPathItem(named[1]);
        Operation operation = item == null ? null : item.getOperations().get(PathItem.HttpMethod.valueOf(named[0]));
        APIResponse response = operation == null ? null : response(operation.getResponses(), step.status());
        if (operation == null || response == null) {
            throw new IllegalStateException("examples: there is no " + step.operation() + " with " + step.status());
        }
        if (step.request() != null) {
            show(operation.getRequestBody().getContent(), step.request());
        }
        if (step.response() != null) {
            show(response.getContent(), step.response());
        }
        for (Parameter parameter :
                operation.getParameters() == null ? List.<Parameter>of() : operation.getParameters()) {
            Map<String, String> values = parameter.getIn() == Parameter.In.PATH ? step.path() : step.query();
            if (values != null && values.containsKey(parameter.getName())) {
                parameter.setExample(values.get(parameter.getName()));
            }
        }
    }

    /** Refusals of a certain operation are described together. */
    private static @Nullable APIResponse response(APIResponses all, int status) {
        APIResponse own = all.getAPIResponse(Integer.toString(status));
        return own == null && status >= 400 ? all.getDefaultValue() : own;
    }

    private static void show(Content content, Object example) {
        content.getMediaTypes().forEach((type, media) -> {
            boolean fields = type.endsWith("json") || type.endsWith("form-urlencoded");
            if (fields != example instanceof String) {
                media.setExample(example);
            }
        });
    }
}
