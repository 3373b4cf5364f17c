package org.passerelle.edge.testkit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the try-it page goes by: the service's own OpenAPI document. */
public final class TryItPage {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    /** In every service: a signature is the permission, and what is told is signed and names nobody. */
    private static final List<String> WITNESS =
            List.of("/proof/witness/add-checkpoint", "/proof/witness/last-checkpoints");

    private TryItPage() {}

    /** @param publicPaths that need no login, beside the witness's own */
    public static void sendsTheTokenWithEveryOperation(String... publicPaths) {
        JsonPath document = given().get("/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertThat(document.getMap("components.securitySchemes.login"))
                .containsEntry("type", "http")
                .containsEntry("scheme", "bearer");
        Map<String, Map<String, Object>> paths = document.getMap("paths");
        assertThat(paths).isNotEmpty();
        assertThat(paths.keySet().containsAll(List.of(publicPaths))).isTrue();
        paths.forEach((path, item) -> item.forEach((method, operation) -> {
            if (METHODS.contains(method)) {
                boolean open = WITNESS.stream().anyMatch(path::endsWith)
                        || List.of(publicPaths).contains(path);
                assertThat(((Map<?, ?>) operation).get("security"))
                        .as("what %s %s asks for", method, path)
                        .isEqualTo(open ? List.of() : List.of(Map.of("login", List.of())));
            }
        }));
    }
}
