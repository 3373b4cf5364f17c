package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.local.demonstration.Answer;
import org.passerelle.local.demonstration.Cast;
import org.passerelle.local.demonstration.PlatformClient;

@Tag("road")
class BadInputTest {
    private static final String FINDER = "terrain-gitega";
    private static final String CASE_WORKER = "dossiers-gitega";

    private final PlatformClient client = RunningPlatform.get().client();

    @Test
    void aMissingFieldIsNamed() {
        var body = Cases.detection("BI-GI");
        ((ObjectNode) body.path("found")).remove("at");
        var problem = problem(detect(body), 400, 422);
        assertThat(fields(problem)).contains("found.at");
    }

    @Test
    void anUnknownFieldIsRefusedAndNamed() {
        var body = Cases.detection("BI-GI");
        ((ObjectNode) body.path("person")).put("nickname", "X");
        var problem = problem(detect(body), 400, 422);
        assertThat(fields(problem)).contains("person.nickname");
    }

    @Test
    void brokenJsonIsAProblemNotAFailure() {
        problem(
                client.post(
                        FINDER,
                        "/identification/cases",
                        "{\"found\":",
                        RunningPlatform.withKey(RunningPlatform.newKey())),
                400);
    }

    @Test
    void aCommandWithoutKeyIsRefused() {
        var problem = problem(client.post(FINDER, "/identification/cases", Cases.detection("BI-GI"), Map.of()), 400);
        assertThat(fields(problem)).contains("Idempotency-Key");
    }

    @Test
    void aRepeatedKeyGivesTheFirstAnswerAndAnotherBodyIsRefused() {
        var body = Cases.detection("BI-GI");
        var key = RunningPlatform.withKey(RunningPlatform.newKey());
        var first = client.post(FINDER, "/identification/cases", body, key);
        var again = client.post(FINDER, "/identification/cases", body, key);
        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.location()).isEqualTo(first.location());
        assertThat(again.etag()).isEqualTo(first.etag());

        body.put("immediateDanger", "unknown");
        problem(client.post(FINDER, "/identification/cases", body, key), 422);
    }

    @Test
    void aChangeNeedsTheCurrentVersion() {
        var code = detect(Cases.detection("BI-GI")).field("caseCode");
        var path = "/identification/cases/" + code;
        var body = Map.of("reason", "client_request");
        problem(
                client.post(CASE_WORKER, path + "/closure", body, RunningPlatform.withKey(RunningPlatform.newKey())),
                428);

        var seen = client.read(CASE_WORKER, path).etag();
        assertThat(seen).isNotNull();
        client.command(FINDER, path + "/consents", Cases.consentToAnybody(), RunningPlatform.newKey());
        var stale = Map.of("Idempotency-Key", RunningPlatform.newKey(), "If-Match", String.valueOf(seen));
        var problem = problem(client.post(CASE_WORKER, path + "/closure", body, stale), 412);
        var current = String.valueOf(client.read(CASE_WORKER, path).etag());
        assertThat("\"" + problem.path("currentVersion").asLong() + "\"").isEqualTo(current);
    }

    @Test
    void aCaseOfOthersLooksLikeAnUnknownOne() {
        var code = detect(Cases.detection("BI-GI")).field("caseCode");
        var others = client.get("dossiers-burunga", "/identification/cases/" + code);
        var unknown = client.get("dossiers-burunga", "/identification/cases/" + Cases.codeOfNobody());
        assertThat(others.status()).isEqualTo(404);
        assertThat(others.text()).isEqualTo(unknown.text());
    }

    @Test
    void aRoleThatMayNeverDoItIsTurnedAway() {
        problem(
                client.post(
                        "statistiques",
                        "/identification/cases",
                        Cases.detection("BI-GI"),
                        RunningPlatform.withKey(RunningPlatform.newKey())),
                403);
    }

    @Test
    void aMalformedDirectorySaysWhichRecordAndWhyAndImportsNothing() {
        ObjectNode directory = Cast.directory().deepCopy();
        var newcomer = ((ObjectNode) directory.path("organizations").get(0)).deepCopy();
        var name = "Organisation jamais importée " + RunningPlatform.newKey();
        newcomer.put("id", RunningPlatform.newKey()).put("name", name);
        ((com.fasterxml.jackson.databind.node.ArrayNode) directory.path("organizations")).add(newcomer);
        var broken = (ObjectNode) directory.path("services").get(3);
        broken.put("organization_id", "00000000-0000-4000-8000-000000000000");

        var problem = problem(
                client.post(
                        "coordination",
                        "/referral/directory/imports",
                        directory,
                        RunningPlatform.withKey(RunningPlatform.newKey())),
                400,
                422);

        assertThat(fields(problem)).anyMatch(field -> field.startsWith("services[3]"));
        assertThat(problem.path("errors").toString()).contains(broken.path("id").asText());
        assertThat(client.read("coordination", "/referral/directory/organisations")
                        .text())
                .doesNotContain(name);
    }

    private Answer detect(JsonNode body) {
        return client.post(FINDER, "/identification/cases", body, RunningPlatform.withKey(RunningPlatform.newKey()));
    }

    private static JsonNode problem(Answer answer, Integer... statuses) {
        assertThat(List.of(statuses)).as(answer.text()).contains(answer.status());
        assertThat(answer.body().path("type").asText()).startsWith("urn:passerelle:problem:");
        assertThat(answer.body().path("title").asText()).isNotBlank();
        assertThat(answer.body().path("status").asInt()).isEqualTo(answer.status());
        return answer.body();
    }

    private static List<String> fields(JsonNode problem) {
        var fields = new ArrayList<String>();
        problem.path("errors").forEach(error -> fields.add(error.path("field").asText()));
        return fields;
    }
}
