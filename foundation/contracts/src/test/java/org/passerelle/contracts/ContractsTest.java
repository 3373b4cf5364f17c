package org.passerelle.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contracts")
class ContractsTest {
    private static final Path FOLDER = Path.of("src/main/resources/contracts");
    private final ContractRules contracts = new ContractRules(FOLDER);

    @Test
    void every_event_of_the_road_has_a_contract() {
        assertThat(contracts.schemas()).hasSize(44);
    }

    @Test
    void every_schema_is_named_as_its_event() {
        assertThat(contracts.everySchemaIsNamedAsItsEvent()).isEmpty();
    }

    @Test
    void every_schema_has_an_example_that_follows_it() {
        assertThat(contracts.everySchemaHasAnExampleThatFollowsIt()).isEmpty();
    }

    @Test
    void every_object_is_closed_and_every_field_explained() {
        assertThat(contracts.everyObjectIsClosedAndEveryFieldExplained()).isEmpty();
    }

    @Test
    void no_field_suggests_personal_data() {
        assertThat(contracts.noFieldSuggestsPersonalData()).isEmpty();
    }

    @Test
    void no_text_is_free() {
        assertThat(contracts.noTextIsFree()).isEmpty();
    }

    @Test
    void the_asyncapi_document_and_the_schemas_agree() {
        assertThat(contracts.theAsyncApiDocumentAndTheSchemasAgree()).isEmpty();
    }

    @Test
    void a_service_can_check_what_it_publishes() throws IOException {
        var example = (ObjectNode) json("assistance/service-delivered.v1.example.json");
        assertThat(PublishedEvents.violations("passerelle.assistance.service-delivered.v1", example))
                .isEmpty();

        example.put("note", "told in confidence");
        example.put("deliveredAt", "yesterday");
        assertThat(PublishedEvents.violations("passerelle.assistance.service-delivered.v1", example))
                .hasSize(2);
        assertThat(PublishedEvents.violations("passerelle.assistance.service-forgotten.v1", example))
                .singleElement()
                .asString()
                .contains("has no contract");
    }

    private static JsonNode json(String path) throws IOException {
        return new ObjectMapper().readTree(FOLDER.resolve(path).toFile());
    }
}
