package org.passerelle.edge;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** Writes what every endpoint has in common into the OpenAPI document, so that the try-it page can really try it. */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class OpenApiConventions implements OASFilter {

    /** As in {@code quarkus.smallrye-openapi.security-scheme-name}. */
    private static final String SCHEME = "login";

    /** What is no command of the domain takes no key. */
    private static final List<String> NO_COMMANDS = List.of("/operations/", "/proof/");

    @Override
    public void filterOpenAPI(OpenAPI document) {
        if (document.getPaths() == null) {
            return;
        }
        for (Map.Entry<String, PathItem> path :
                document.getPaths().getPathItems().entrySet()) {
            for (Map.Entry<PathItem.HttpMethod, Operation> operation :
                    path.getValue().getOperations().entrySet()) {
                problems(operation.getValue());
                login(operation.getValue());
                if (operation.getKey() == PathItem.HttpMethod.POST
                        && NO_COMMANDS.stream().noneMatch(path.getKey()::contains)) {
                    commands(operation.getValue());
                }
            }
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
        operation.addParameter(header(
                "Idempotency-Key", true, "Chosen by the caller; a repeat with the same key has one effect only"));
        operation.addParameter(header(
                "If-Match", false, "The version that was read, in quotes; needed where something existing is changed"));
    }

    private static Parameter header(String name, boolean required, String description) {
        return OASFactory.createParameter()
                .name(name)
                .in(Parameter.In.HEADER)
                .required(required)
                .description(description)
                .schema(OASFactory.createSchema().addType(Schema.SchemaType.STRING));
    }

    private static void problems(Operation operation) {
        APIResponse problem = OASFactory.createAPIResponse()
                .description("A problem (RFC 9457), in the language asked for")
                .content(OASFactory.createContent()
                        .addMediaType(
                                "application/problem+json",
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().addType(Schema.SchemaType.OBJECT))));
        if (operation.getResponses() == null) {
            operation.setResponses(OASFactory.createAPIResponses());
        }
        operation.getResponses().addAPIResponse("default", problem);
    }
}
