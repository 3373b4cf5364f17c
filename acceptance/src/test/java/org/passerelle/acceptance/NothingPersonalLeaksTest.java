package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.local.demonstration.Cast;
import org.passerelle.local.demonstration.Demo;
import org.passerelle.local.demonstration.PlatformClient;
import org.passerelle.local.demonstration.Road;

/**
 * A person with unmistakable words in every personal field walks the whole road; afterwards no byte of those words lies
 * on Kafka's disk, in a log, or in the databases of the other three services.
 */
@Tag("leak")
class NothingPersonalLeaksTest {
    private static final RunningPlatform PLATFORM = RunningPlatform.get();
    private static final PlatformClient CLIENT = PLATFORM.client();

    /** Sent to identification, where they may stay. */
    private static final Marks PERSON = new Marks();
    /** Free text that somebody writes to another service about its own work; it may stay in that service's database. */
    private static final Marks NOTES = new Marks();

    private static String code = "";
    private static String errors = "";

    @BeforeAll
    static void somebodyWithUnmistakableWordsWalksTheRoad() {
        var phone = "+2577" + ThreadLocalRandom.current().nextLong(1_000_000, 9_999_999);
        Map<String, Object> person = Map.of(
                "givenName", PERSON.in("givenName", "Ngoma"),
                "familyName", PERSON.in("familyName", "Rutare"),
                "phone", PERSON.remember("phone", phone),
                "address", PERSON.in("address", "Sentier"),
                "exactPlace", PERSON.in("exactPlace", "Kiosque"),
                "account", PERSON.in("account", "Recit"));
        code = new Demo(CLIENT, "fr", Clock.systemUTC(), line -> {}, step -> {}, person)
                .play(RunningPlatform.newKey())
                .caseCode();
        notesAreWritten();
        errors = answersToMistakes(person);
    }

    @Test
    void noneOfTheWordsLieOnKafkasDisk() {
        // Kafka's files are written without compression: the case code, which belongs there, is found in them.
        var codes = new Marks();
        codes.remember("case code", code);
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
    void noneOfThePersonsWordsAreInAnotherServicesDatabase() throws SQLException {
        for (String service : List.of("referral", "assistance", "reporting")) {
            try (var database = PLATFORM.database(service)) {
                var result = new Search(PERSON::foundIn).database(database);
                assertThat(result.findings()).as(service).isEmpty();
                assertThat(result.places()).as("values of " + service).isGreaterThan(100);
                System.out.println("leak: " + result.places() + " values of " + service + " searched");
            }
        }
    }

    @Test
    void notesStayWhereTheyWereWritten() throws SQLException {
        try (var database = PLATFORM.database("reporting")) {
            assertThat(new Search(NOTES::foundIn).database(database).findings()).isEmpty();
        }
        try (var database = PLATFORM.database("identification")) {
            assertThat(new Search(NOTES::foundIn).database(database).findings()).isEmpty();
        }
    }

    @Test
    void anAnswerToAMistakeRepeatsNothingPersonal() {
        assertThat(errors).contains("urn:passerelle:problem:");
        assertThat(PERSON.foundIn(errors)).isEmpty();
    }

    @Test
    void theSearchFindsEveryWordWhereItBelongs() throws SQLException {
        try (var database = PLATFORM.database("identification")) {
            var found = String.join(
                    "\n", new Search(PERSON::foundIn).database(database).findings());
            assertThat(found).contains("givenName", "familyName", "phone", "address", "exactPlace", "account");
        }
    }

    private static List<String> anyMark(byte[] bytes) {
        var found = new ArrayList<>(PERSON.foundIn(bytes));
        found.addAll(NOTES.foundIn(bytes));
        return found;
    }

    /** Free text goes to referral and to assistance as well, beside the road that the demo plays. */
    private static void notesAreWritten() {
        var cast = Cast.load();
        var road = new Road(CLIENT, cast, RunningPlatform.newKey());
        var finder = cast.person("terrain-gitega");
        var caseWorker = cast.person("dossiers-gitega");
        var mine = road.detect(finder, Cases.detection("BI-GI"));
        road.consent(finder, mine, Cases.consentToAnybody());
        var referral = road.stateNeed(finder, mine, "MEDICAL", "urgent", "BI-GI");
        var path = "/referral/referrals/" + referral;

        var first = road.offered(caseWorker, referral, Set.of()).openOffer().orElseThrow();
        var decline = Map.of("offerId", first.id(), "reason", "other", "note", NOTES.in("note of a decline", "Nyumba"));
        CLIENT.change(
                cast.provider(first.organisation()).username(),
                path + "/decline",
                path,
                decline,
                RunningPlatform.newKey());
        var second = road.offered(caseWorker, referral, Set.of(first.id()))
                .openOffer()
                .orElseThrow();
        road.accept(second, referral);
        road.planned(caseWorker, mine, referral);
        var provider = cast.provider(second.organisation()).username();
        var delivery = Map.of(
                "referralId",
                referral,
                "service",
                "MEDICAL",
                "deliveredAt",
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                "note",
                NOTES.in("note of a delivery", "Umusozi"));
        CLIENT.command(provider, "/assistance/plans/" + mine + "/deliveries", delivery, RunningPlatform.newKey());
        var completion = Map.of("outcome", "got-help", "note", NOTES.in("note of a completion", "Umugezi"));
        CLIENT.change(provider, path + "/completion", path, completion, RunningPlatform.newKey());
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
