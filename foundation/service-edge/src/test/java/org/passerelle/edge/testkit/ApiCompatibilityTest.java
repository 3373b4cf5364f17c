package org.passerelle.edge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiCompatibilityTest {

    private static final String RELEASED = """
            {"paths": {"/cases": {"post": {
               "parameters": [{"name": "limit", "in": "query"}],
               "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Found"}}}},
               "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Case"}}}}}}}},
             "components": {"schemas": {
               "Found": {"type": "object", "required": ["at"], "properties": {
                  "at": {"type": "string"}, "how": {"type": "string", "enum": ["ngo", "police"]}}},
               "Case": {"type": "object", "required": ["code"], "properties": {
                  "code": {"type": "string"}, "needs": {"type": "array", "items": {"type": "integer"}}}}}}}""";

    private static List<String> after(String what, String with) throws IOException {
        ObjectMapper json = new ObjectMapper();
        assertThat(RELEASED).contains(what);
        JsonNode released = json.readTree(RELEASED);
        return ApiCompatibility.breaks(released, json.readTree(RELEASED.replace(what, with)));
    }

    @Test
    void whatIsAddedBreaksNothing() throws IOException {
        assertThat(after(
                        "\"at\": {\"type\": \"string\"},",
                        "\"at\": {\"type\": \"string\"}, \"place\": {\"type\": \"string\"},"))
                .isEmpty();
        assertThat(after("\"code\": {", "\"more\": {\"type\": \"string\"}, \"code\": {"))
                .isEmpty();
        assertThat(after("\"police\"]", "\"police\", \"school\"]")).isEmpty();
    }

    @Test
    void whatIsTakenAwayOrDemandedBreaks() throws IOException {
        assertThat(after("\"/cases\"", "\"/dossiers\"")).containsExactly("post /cases is gone");
        assertThat(after("\"name\": \"limit\"", "\"name\": \"size\""))
                .singleElement()
                .asString()
                .contains("query limit");
        assertThat(after("\"name\": \"limit\"", "\"required\": true, \"name\": \"limit\""))
                .containsExactly("post /cases demands query limit");
        assertThat(after("[\"at\"]", "[\"at\", \"how\"]")).containsExactly("post /cases.how is demanded");
        assertThat(after("[\"ngo\", \"police\"]", "[\"ngo\"]"))
                .containsExactly("post /cases.how takes no \"police\" any more");
        assertThat(after("\"201\"", "\"200\"")).containsExactly("post /cases answers no 201 any more");
        assertThat(after("\"code\": {\"type\": \"string\"}, ", ""))
                .containsExactly("post /cases answer.code does not come any more");
        assertThat(after("[\"code\"]", "[]")).containsExactly("post /cases answer.code may be missing");
        assertThat(after("\"items\": {\"type\": \"integer\"}", "\"items\": {\"type\": \"string\"}"))
                .containsExactly("post /cases answer.needs[] is of another type");
    }
}
