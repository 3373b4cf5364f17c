package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.local.demonstration.PlatformClient;

/**
 * A person with unmistakable words in every personal field walks the whole road; afterwards no byte of those words lies
 * on Kafka's disk, on PostgreSQL's, in a log, or in a value of any database.
 */
@Tag("leak")
class NothingPersonalLeaksTest {
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
        assertThat(anyMark(PLATFORM.said().getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEmpty();
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
        var page = CLIENT.read(MarkedRoad.CASE_WORKER, "/identification/cases/" + ROAD.code)
                .text();
        assertThat(PERSON.foundIn(page)).hasSize(PERSON.count());
    }

    private static List<String> anyMark(byte[] bytes) {
        var found = new ArrayList<>(PERSON.foundIn(bytes));
        found.addAll(NOTES.foundIn(bytes));
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
