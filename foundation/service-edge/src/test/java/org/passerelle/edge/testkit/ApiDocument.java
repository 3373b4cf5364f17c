package org.passerelle.edge.testkit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.List;

/**
 * The OpenAPI document that a running service serves, beside the one in {@code docs/api} and the one last released in
 * {@code docs/api/released}. {@code -Dpasserelle.api.write=true} writes the first, {@code -Dpasserelle.api.release=true}
 * both.
 */
final class ApiDocument {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final boolean RELEASE = Boolean.getBoolean("passerelle.api.release");

    private final File current;
    private final File released;

    /** @param service as its path: {@code identification} */
    ApiDocument(String service) {
        current = new File("../docs/api/" + service + ".json");
        released = new File("../docs/api/released/" + service + ".json");
    }

    JsonNode served() throws IOException {
        return JSON.readTree(given().get("/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .asString());
    }

    void isTheOneInTheRepository() throws IOException {
        JsonNode served = served();
        if (RELEASE || Boolean.getBoolean("passerelle.api.write")) {
            JSON.writerWithDefaultPrettyPrinter().writeValue(current, served);
        }
        assertThat(JSON.readTree(current).equals(served))
                .as("%s is what is served; ./passerelle test matrix -Dpasserelle.api.write=true writes it", current)
                .isTrue();
    }

    List<String> breaksOfWhatWasReleased() throws IOException {
        JsonNode served = served();
        if (RELEASE) {
            JSON.writerWithDefaultPrettyPrinter().writeValue(released, served);
        }
        JsonNode before = JSON.readTree(released);
        assertThat(before.path("paths").size()).isPositive();
        return ApiCompatibility.breaks(before, served);
    }
}
