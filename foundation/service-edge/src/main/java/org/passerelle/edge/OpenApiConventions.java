package org.passerelle.edge;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.jboss.jandex.IndexView;

/**
 * Writes what every endpoint has in common into the OpenAPI document, so that the try-it page can really try it, a
 * generated client has names for it, and a linter finds every answer and every limit: see {@link OpenApiNulls}, {@link
 * OpenApiLimits} and {@link OpenApiExamples}.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class OpenApiConventions implements OASFilter {

    /** As in {@code quarkus.smallrye-openapi.security-scheme-name}. */
    private static final String SCHEME = "login";

    /** What is no command of the domain takes no key. */
    private static final List<String> NO_COMMANDS = List.of("/operations/", "/proof/");

    /** Its caller may be a telephone's gateway, that can send none ({@link Commands#appendAlsoWithoutKey}). */
    private static final String NEEDS_NO_KEY = "referralCapacityLine";

    private static final String PROBLEM = "Problem";

    private static final String RATE_LIMIT = "RateLimit";

    private static final Map<String, String> PROBLEMS = Map.of(
            "400", "What was sent is wrong; `errors` names the fields",
            "401", "No login, or one that is over",
            "403", "None of the caller's roles may ever do this",
            "404", "Unknown, or not for this caller: the same answer on purpose",
            "429", "Too many requests, or too many different cases: wait as long as `Retry-After` says",
            "500", "An error of ours",
            "503", "Not now; the same again with the same key is safe");

    private final IndexView classes;

    public OpenApiConventions(IndexView classes) {
        this.classes = classes;
    }

    @Override
    public void filterOpenAPI(OpenAPI document) {
        if (document.getPaths() == null) {
            return;
        }
        document.addServer(OASFactory.createServer()
                .url("/")
                .description(
                        "Production or local: wherever this document was read from, by https unless on one machine")
                .addExtension("x-internal", false));
        if (document.getComponents() == null) {
            document.setComponents(OASFactory.createComponents());
        }
        document.getComponents().addSchema(PROBLEM, problem()).addHeader(RATE_LIMIT, rateLimit());
        for (Map.Entry<String, PathItem> path :
                document.getPaths().getPathItems().entrySet()) {
            for (Map.Entry<PathItem.HttpMethod, Operation> operation :
                    path.getValue().getOperations().entrySet()) {
                id(operation.getValue(), path.getKey());
                login(operation.getValue());
                if (operation.getKey() == PathItem.HttpMethod.POST
                        && NO_COMMANDS.stream().noneMatch(path.getKey()::contains)) {
                    commands(operation.getValue());
                }
                answers(operation.getValue(), path.getKey());
            }
        }
        OpenApiNulls.write(document, classes);
        OpenApiLimits.write(document);
        OpenApiExamples.write(document);
    }

    /** {@code CasesResource_detect} of identification becomes {@code identificationCasesDetect}: one of its name anywhere. */
    private static void id(Operation operation, String path) {
        String id = operation.getOperationId();
        if (id != null) {
            String service = path.substring(1).replaceFirst("/.*", "");
            StringBuilder name = new StringBuilder(service);
            for (String word : id.replace("Resource", "").split("_", -1)) {
                if (!word.isEmpty()) {
                    name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
                }
            }
            operation.setOperationId(name.toString());
        }
    }

    /**
     * The try-it page sends the token that it was given only with operations that ask for it by the scheme's name. A
     * public operation says so itself, by an empty {@code @SecurityRequirements}.
     */
    private static void login(Operation operation) {
        if (operation.getSecurity() == null) {
            operation.addSecurityRequirement(
                    OASFactory.createSecurityRequirement().addScheme(SCHEME));
        }
    }

    private static void commands(Operation operation) {
        boolean alsoWithoutKey = NEEDS_NO_KEY.equals(operation.getOperationId());
        operation.addParameter(header(
                        "Idempotency-Key",
                        !alsoWithoutKey,
                        "Chosen by the caller; a repeat with the same key has one effect only")
                .schema(text("^[!-~]{1,255}$", 255)));
        operation.addParameter(header(
                        "If-Match",
                        false,
                        "The version that was read, in quotes; needed where something existing is changed")
                .schema(text("^\"[0-9]{1,18}\"$", 20)));
    }

    private static Parameter header(String name, boolean required, String description) {
        return OASFactory.createParameter()
                .name(name)
                .in(Parameter.In.HEADER)
                .required(required)
                .description(description);
    }

    private static Schema text(String pattern, int longest) {
        return OASFactory.createSchema()
                .addType(Schema.SchemaType.STRING)
                .pattern(pattern)
                .maxLength(longest);
    }

    private static void answers(Operation operation, String path) {
        if (operation.getResponses() == null) {
            operation.setResponses(OASFactory.createAPIResponses());
        }
        APIResponses responses = operation.getResponses();
        boolean open = operation.getSecurity().isEmpty();
        List<String> refusals = new ArrayList<>(List.of("400", "500", "503"));
        if (!open) {
            refusals.addAll(List.of("401", "403", "429"));
            if (path.contains("{")) {
                refusals.add("404");
            }
        }
        for (String status : refusals) {
            APIResponse given = responses.getAPIResponse(status);
            if (given == null || given.getContent() == null) {
                responses.addAPIResponse(status, problem(PROBLEMS.getOrDefault(status, "A problem")));
            }
        }
        responses.addAPIResponse("default", problem("A problem (RFC 9457), in the language asked for"));
        responses.setAPIResponses(new TreeMap<>(responses.getAPIResponses()));
        responses.getAPIResponses().values().stream()
                .filter(response -> response.getDescription() == null)
                .forEach(response -> response.setDescription("Done; a repeat gets the same answer"));
        if (!open) {
            responses.getAPIResponses().forEach((status, response) -> {
                if (status.startsWith("2") || status.startsWith("4")) {
                    response.addHeader(RATE_LIMIT, OASFactory.createHeader().ref(RATE_LIMIT));
                }
            });
            responses
                    .getAPIResponse("429")
                    .addHeader(
                            "Retry-After",
                            OASFactory.createHeader()
                                    .description("After so many seconds")
                                    .schema(OASFactory.createSchema()
                                            .addType(Schema.SchemaType.INTEGER)
                                            .format("int32")
                                            .minimum(BigDecimal.ONE)
                                            .maximum(BigDecimal.valueOf(3600))));
        }
    }

    private static Header rateLimit() {
        return OASFactory.createHeader()
                .description("How many more requests this account may send now, and in how many seconds it may send"
                        + " as many as ever (draft-ietf-httpapi-ratelimit-headers); missing where there was no login")
                .schema(text("^\"[a-z]+\";r=[0-9]+;t=[0-9]+$", 64));
    }

    private static APIResponse problem(String description) {
        return OASFactory.createAPIResponse()
                .description(description)
                .content(OASFactory.createContent()
                        .addMediaType(
                                "application/problem+json",
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().ref(PROBLEM))));
    }

    /** As {@link Problem} is written. */
    private static Schema problem() {
        Schema error = object().addProperty("field", string("The field, or the header, that is at fault"))
                .addProperty("message", string("In the language asked for"))
                .required(List.of("field", "message"));
        return object().description("A problem, RFC 9457; nothing in it names a person")
                .addProperty(
                        "type", text("^urn:passerelle:problem:[a-z-]+$", 128).description("Stable: go by this"))
                .addProperty("title", string("In the language asked for"))
                .addProperty(
                        "status",
                        OASFactory.createSchema()
                                .addType(Schema.SchemaType.INTEGER)
                                .format("int32")
                                .minimum(BigDecimal.valueOf(400))
                                .maximum(BigDecimal.valueOf(599)))
                .addProperty("detail", string("What to do about it"))
                .addProperty(
                        "errors",
                        OASFactory.createSchema()
                                .addType(Schema.SchemaType.ARRAY)
                                .items(error))
                .addProperty(
                        "currentVersion",
                        OASFactory.createSchema()
                                .addType(Schema.SchemaType.INTEGER)
                                .format("int64")
                                .description("With 412: the version that the thing has now"))
                .required(List.of("type", "title", "status"));
    }

    private static Schema object() {
        return OASFactory.createSchema().addType(Schema.SchemaType.OBJECT);
    }

    private static Schema string(String description) {
        return OASFactory.createSchema().addType(Schema.SchemaType.STRING).description(description);
    }
}
