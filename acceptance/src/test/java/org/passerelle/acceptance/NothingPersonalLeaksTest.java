package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.local.demonstration.PlatformClient;
import org.passerelle.proof.LogExport;

/**
 * A person with unmistakable words in every personal field walks the whole road; afterwards no byte of those words lies
 * on Kafka's disk, on PostgreSQL's, in a log, in a value of any database, in a metric, an error, an export, or in what
 * another service answers.
 */
@Tag("leak")
@Tag("canary")
class NothingPersonalLeaksTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final RunningPlatform PLATFORM = RunningPlatform.get();
    private static final PlatformClient CLIENT = PLATFORM.client();

    private static final MarkedRoad ROAD = new MarkedRoad(CLIENT);
    private static final Marks PERSON = ROAD.person;
    private static final Marks NOTES = ROAD.notes;

    @Test
    void noneOfTheWordsLieOnKafkasDisk() {
        // Kafka's files are written without compression: the case code, which belongs there, is found in them.
        var codes = new Marks();
        codes.remember("case code", ROAD.code);
        assertThat(new Search(codes::foundIn)
                        .files(PLATFORM.data().resolve("kafka"))
                        .findings())
                .as("the search can read Kafka's files")
                .isNotEmpty();

        var result = new Search(NothingPersonalLeaksTest::anyMark)
                .files(PLATFORM.data().resolve("kafka"));
        assertThat(result.findings()).isEmpty();
        System.out.println("leak: " + result.places() + " bytes of Kafka searched");
    }

    @Test
    void noneOfTheWordsAreInALog() {
        var result = new Search(NothingPersonalLeaksTest::anyMark)
                .files(PLATFORM.data().resolve("logs"));
        assertThat(result.findings()).isEmpty();
        assertThat(anyMark(PLATFORM.said().getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(result.places()).as("bytes of logs").isPositive();
        System.out.println("leak: " + result.places() + " bytes of logs searched");
    }

    @Test
    void noneOfTheWordsAreInADatabase() throws SQLException {
        for (String service : RunningPlatform.SERVICES) {
            for (String name : List.of(service, service + "_keys")) {
                try (var database = PLATFORM.database(name)) {
                    var result = new Search(NothingPersonalLeaksTest::anyMark).database(database);
                    assertThat(result.findings()).as(name).isEmpty();
                    System.out.println("leak: " + result.places() + " values of " + name + " searched");
                }
            }
        }
    }

    @Test
    void noneOfTheWordsAreOnPostgresqlsDisk() {
        var result = new Search(NothingPersonalLeaksTest::anyMark)
                .files(PLATFORM.data().resolve("postgres"));
        assertThat(result.findings()).isEmpty();
        System.out.println("leak: " + result.places() + " bytes of PostgreSQL searched, its write-ahead log included");
    }

    @Test
    void anAnswerToAMistakeRepeatsNothingPersonal() {
        var errors = answersToMistakes(ROAD.fields);
        assertThat(errors).contains("urn:passerelle:problem:");
        assertThat(PERSON.foundIn(errors)).isEmpty();
    }

    @Test
    void noneOfTheWordsAreInAMetric() throws Exception {
        var services = new HashSet<String>();
        var ports = new ObjectMapper()
                .readTree(PLATFORM.data().resolve("run/ports.json").toFile());
        for (JsonNode port : ports) {
            try {
                var metrics = HTTP.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.asInt() + "/q/metrics"))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        BodyHandlers.ofString());
                if (metrics.statusCode() == 200 && metrics.body().contains("passerelle_")) {
                    services.add(port.asText());
                    assertThat(anyMark(metrics.body().getBytes(StandardCharsets.UTF_8)))
                            .isEmpty();
                    assertThat(metrics.body()).doesNotContain(ROAD.code, ROAD.noted);
                }
            } catch (IOException notHttp) {
                // PostgreSQL and Kafka listen on ports of the list too.
            }
        }
        assertThat(services).as("services with metrics").hasSize(RunningPlatform.SERVICES.size());
    }

    @Test
    void noneOfTheWordsAreInAnExportOrAnAnswerOfAnotherService() throws Exception {
        long bytes = 0;
        for (String service : RunningPlatform.SERVICES) {
            var log = new ByteArrayOutputStream();
            try (var database = PLATFORM.database(service)) {
                LogExport.write(database, service, log);
            }
            assertThat(anyMark(log.toByteArray())).as("the log of %s", service).isEmpty();
            bytes += log.size();
        }
        assertThat(bytes).isPositive();
        for (String path : List.of(
                "/referral/directory/export",
                "/referral/tasks",
                "/referral/referrals?role=all&limit=200",
                "/assistance/plans?limit=200",
                "/reporting/cases/" + ROAD.code + "/timeline",
                "/reporting/cases/" + ROAD.noted,
                "/identification/cases?limit=200",
                "/identification/emergency-accesses",
                "/reporting/funnel")) {
            var told = CLIENT.get("coordination", path);
            assertThat(told.status()).as(path).isBetween(200, 404);
            assertThat(anyMark(told.text().getBytes(StandardCharsets.UTF_8)))
                    .as(path)
                    .isEmpty();
        }
        System.out.println("canary: " + bytes + " bytes of exported logs searched");
    }

    @Test
    void theSearchFindsEveryWordWhereItIsWritten() throws SQLException {
        try (var database = PLATFORM.database("postgres");
                var statement = database.createStatement()) {
            statement.execute("create temporary table found as select '" + ROAD.fields + "'::text as said");
            var found = String.join(
                    "\n", new Search(PERSON::foundIn).database(database).findings());
            statement.execute("drop table found");
            assertThat(found).contains("givenName", "familyName", "phone", "address", "exactPlace", "account");
        }
    }

    @Test
    void whoeverMayReadThemReadsThem() {
        var page = CLIENT.read(MarkedRoad.CASE_WORKER, "/identification/cases/" + ROAD.code + "?masked=false")
                .text();
        assertThat(PERSON.foundIn(page)).hasSize(PERSON.count());
    }

    private static List<String> anyMark(byte[] bytes) {
        var found = new ArrayList<>(PERSON.foundIn(bytes));
        found.addAll(NOTES.foundIn(bytes));
        found.addAll(ROAD.emergencies.foundIn(bytes));
        return found;
    }

    /** Requests that fail, with personal words in them: in an unknown field, a wrong value, broken JSON. */
    private static String answersToMistakes(Map<String, Object> person) {
        var name = String.valueOf(person.get("familyName"));
        var answers = new StringBuilder();
        for (String body : List.of(
                "{\"person\":{\"familyName\":\"" + name + "\",\"nickname\":\"" + name + "\"}}",
                "{\"found\":{\"at\":\"" + name + "\"},\"immediateDanger\":\"" + name + "\"}",
                "{\"person\":{\"familyName\":\"" + name + "\"",
                "\"" + name + "\"")) {
            var answer = CLIENT.post(
                    "terrain-gitega", "/identification/cases", body, RunningPlatform.withKey(RunningPlatform.newKey()));
            assertThat(answer.status()).isBetween(400, 499);
            answers.append(answer.text()).append('\n');
        }
        return answers.toString();
    }
}
