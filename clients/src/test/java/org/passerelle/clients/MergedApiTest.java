package org.passerelle.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("clients")
class MergedApiTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final File DOCUMENTS = new File(System.getProperty("passerelle.root"), "docs/api");

    /** {@code -Dpasserelle.api.write=true} writes it. */
    @Test
    void theMergedDocumentIsThatOfTheFourServices() throws IOException {
        Map<String, JsonNode> services = new LinkedHashMap<>();
        int operations = 0;
        for (String service : List.of("identification", "referral", "assistance", "reporting")) {
            JsonNode document = JSON.readTree(new File(DOCUMENTS, service + ".json"));
            services.put(service, document);
            operations += document.path("paths").size();
        }
        JsonNode merged = MergedApi.merge(services);
        File file = new File(DOCUMENTS, "passerelle.json");
        if (Boolean.getBoolean("passerelle.api.write")) {
            JSON.writerWithDefaultPrettyPrinter().writeValue(file, merged);
        }
        assertThat(merged.path("paths").size()).isEqualTo(operations);
        assertThat(merged.path("paths").properties())
                .allMatch(path -> services.keySet().stream()
                        .anyMatch(service -> path.getKey().startsWith("/" + service + "/")));
        assertThat(dangling(merged)).isEmpty();
        assertThat(JSON.readTree(file))
                .as("docs/api/passerelle.json; ./passerelle test clients -Dpasserelle.api.write=true writes it")
                .isEqualTo(merged);
    }

    private static Set<String> dangling(JsonNode merged) {
        Set<String> dangling = new TreeSet<>();
        for (String target : merged.findValuesAsText("$ref")) {
            if (merged.at(target.substring(1)).isMissingNode()) {
                dangling.add(target);
            }
        }
        return dangling;
    }

    @Test
    void whatTwoServicesMeanDifferentlyKeepsTwoNames() throws IOException {
        JsonNode merged = MergedApi.merge(Map.of("one", JSON.readTree("""
                        {"paths": {"/one/a": {"get": {"operationId": "oneA", "tags": ["A"],
                          "x": {"$ref": "#/components/schemas/Holder"}}}},
                         "components": {"schemas": {
                           "Same": {"type": "string"},
                           "Thing": {"type": "string"},
                           "Holder": {"$ref": "#/components/schemas/Thing"}}}}"""), "two", JSON.readTree("""
                        {"paths": {"/two/a": {"get": {"operationId": "twoA", "tags": ["A"],
                          "x": {"$ref": "#/components/schemas/Holder"}}}},
                         "components": {"schemas": {
                           "Same": {"type": "string"},
                           "Thing": {"type": "integer"},
                           "Holder": {"$ref": "#/components/schemas/Thing"}}}}""")));
        assertThat(merged.at("/components/schemas").properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("Same", "OneThing", "TwoThing", "OneHolder", "TwoHolder");
        assertThat(merged.at("/paths/~1two~1a/get/x/$ref").asText()).isEqualTo("#/components/schemas/TwoHolder");
        assertThat(merged.at("/components/schemas/OneHolder/$ref").asText()).isEqualTo("#/components/schemas/OneThing");
        assertThat(merged.at("/paths/~1one~1a/get/tags/0").asText()).isEqualTo("One: A");
    }

    @Test
    void twoOperationsOfOneNameAreRefused() throws IOException {
        JsonNode one = JSON.readTree("{\"paths\": {\"/one/a\": {\"get\": {\"operationId\": \"a\"}}}}");
        JsonNode two = JSON.readTree("{\"paths\": {\"/two/a\": {\"get\": {\"operationId\": \"a\"}}}}");
        assertThatThrownBy(() -> MergedApi.merge(Map.of("one", one, "two", two)))
                .hasMessageContaining("called a");
    }
}
