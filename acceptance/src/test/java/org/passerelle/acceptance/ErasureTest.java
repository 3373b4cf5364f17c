package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.passerelle.local.demonstration.PlatformClient;

/**
 * People with unmistakable words in every personal field and note walk the whole road and are erased. Afterwards nobody
 * reads one of the words: not over the interfaces, and not who has taken the databases, the disks, the logs, the key
 * stores and the key files, nor after an older backup of the keys, or of the databases and the keys together, was put
 * back.
 */
@Tag("erasure")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ErasureTest {
    private static final RunningPlatform PLATFORM = RunningPlatform.get();
    private static final PlatformClient CLIENT = PLATFORM.client();
    private static final MarkedRoad ROAD = new MarkedRoad(CLIENT);
    private static final List<String> KEEPERS = List.of("identification", "referral", "assistance");
    private static final String SUPERVISOR = "supervision";
    private static final Duration EVERYWHERE = Duration.ofSeconds(5);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    @Order(1)
    void beforeErasureWhoHasTakenEverythingReadsEveryWord() throws Exception {
        assertThat(StolenKeys.read(PLATFORM, "identification", ROAD.person))
                .hasSizeGreaterThanOrEqualTo(ROAD.person.count());
        var notes = new ArrayList<>(StolenKeys.read(PLATFORM, "referral", ROAD.notes));
        notes.addAll(StolenKeys.read(PLATFORM, "assistance", ROAD.notes));
        assertThat(notes).hasSize(ROAD.notes.count());
        assertThat(StolenKeys.read(PLATFORM, "identification", ROAD.emergencies))
                .hasSize(ROAD.emergencies.count());
        assertThat(StolenKeys.read(PLATFORM, "referral", ROAD.verdicts)).isNotEmpty();
        assertThat(ROAD.person.foundIn(exported())).hasSize(ROAD.person.count());
        assertThat(ROAD.verdicts.foundIn(ROAD.explanation())).hasSize(ROAD.verdicts.count());
        assertNoVerdictIsInTheClear();
    }

    @Test
    @Order(2)
    void twoPeopleEraseAndEveryServiceDestroysItsKeysWithinSeconds() throws Exception {
        ROAD.closeTheNoted();
        for (String service : KEEPERS) {
            backUpKeys(service);
            backUp(service);
        }
        for (String code : List.of(ROAD.code, ROAD.noted)) {
            var path = "/identification/cases/" + code + "/erasure";
            CLIENT.command(
                    MarkedRoad.CASE_WORKER,
                    path + "/request",
                    Map.of("reason", "person-request", "legalBasis", "Loi n° 1/28, article 17"),
                    RunningPlatform.newKey());
            CLIENT.command(SUPERVISOR, path + "/approval", Map.of(), RunningPlatform.newKey());
        }
        long end = System.nanoTime() + EVERYWHERE.toNanos();
        while (keysLeft() > 0 || !marks(exported()).isEmpty()) {
            assertThat(System.nanoTime()).as("everywhere within %s", EVERYWHERE).isLessThan(end);
            Thread.sleep(100);
        }
    }

    @Test
    @Order(3)
    void whoHasTakenEverythingReadsNothing() throws Exception {
        assertNothingIsLeft();
    }

    @Test
    @Order(4)
    void theLedgerSaysWhenItIsFinalAndKeepsNoAttribute() throws SQLException {
        var finalOn = LocalDate.now(ZoneOffset.UTC).plusDays(30).toString();
        CLIENT.await(
                MarkedRoad.CASE_WORKER,
                "/reporting/cases/" + ROAD.code,
                "the erasure in the ledger",
                state -> state.path("erased").path("finalOn").asText().equals(finalOn));
        try (var database = PLATFORM.database("reporting");
                var statement = database.createStatement();
                var rows =
                        statement.executeQuery("select convert_from(data, 'UTF8') from ledger_entry where case_code = '"
                                + ROAD.code + "' and type = 'passerelle.identification.need-stated.v1'")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1))
                    .contains("urgency")
                    .doesNotContain("\"age\"", "\"sex\"", "\"child\"", "\"languages\"");
        }
    }

    @Test
    @Order(5)
    void theCertificateNamesNobody() {
        var page = CLIENT.read(MarkedRoad.CASE_WORKER, "/identification/cases/" + ROAD.code + "/erasure/certificate")
                .text();
        assertThat(page).contains(ROAD.code, "Loi n° 1/28, article 17");
        assertThat(marks(page)).isEmpty();
    }

    @Test
    @Order(6)
    void anOlderBackupOfTheKeysOpensNothing() throws Exception {
        for (String service : KEEPERS) {
            PLATFORM.kill(service);
            restoreKeys(service);
        }
        assertThat(keysLeft()).as("the backup brought them back").isPositive();
        // The services start again by themselves; whoever is let in at all finds nothing.
        assertThat(marks(exported())).isEmpty();
        long end = System.nanoTime() + RunningPlatform.PATIENCE.toNanos();
        while (keysLeft() > 0) {
            assertThat(System.nanoTime()).as("destroyed again").isLessThan(end);
            Thread.sleep(200);
        }
        assertNothingIsLeft();
    }

    /** Backups of one night, from before anybody asked for erasure: neither the events nor the keys know of it. */
    @Test
    @Order(7)
    void anOlderBackupOfDatabasesAndKeysIsErasedAgainBeforeItOpens() throws Exception {
        for (String service : KEEPERS) {
            PLATFORM.kill(service);
            restoreKeys(service);
            restore(service);
        }
        for (String service : KEEPERS) {
            PLATFORM.kill(service); // whatever has begun on the database of before begins again
        }
        assertThat(keysLeft()).as("the backup brought them back").isPositive();
        assertThat(StolenKeys.read(PLATFORM, "identification", ROAD.person))
                .as("and the words with them")
                .isNotEmpty();

        var waiting = new HashSet<>(KEEPERS);
        long end = System.nanoTime() + RunningPlatform.PATIENCE.toNanos();
        while (!waiting.isEmpty()) {
            assertThat(System.nanoTime()).as("adopted: all but %s", waiting).isLessThan(end);
            assertOpensOnlyWhatIsErased();
            waiting.removeIf(ErasureTest::adopted);
            Thread.sleep(100);
        }
        while (keysLeft() > 0) {
            assertThat(System.nanoTime()).as("destroyed again").isLessThan(end);
            assertOpensOnlyWhatIsErased();
            Thread.sleep(100);
        }
        assertThat(marks(exported())).isEmpty();
        assertNothingIsLeft();
    }

    /** Whatever is answered while the restored services start tells no word; that keys are left is no excuse. */
    private static void assertOpensOnlyWhatIsErased() throws Exception {
        for (String path : List.of(
                "/identification/cases/" + ROAD.code + "?masked=false",
                "/identification/cases/" + ROAD.noted + "?masked=false",
                "/assistance/plans/" + ROAD.code,
                "/assistance/plans/" + ROAD.noted)) {
            var answer = once("GET", MarkedRoad.CASE_WORKER, path);
            assertThat(marks(answer.body()))
                    .as(path + " " + answer.statusCode())
                    .isEmpty();
        }
    }

    /** Whether the service's restored log was adopted, or need not be because nothing that was published is missing. */
    private static boolean adopted(String service) {
        try {
            var answer = once("POST", "exploitation", "/" + service + "/operations/adopt-restore");
            return answer.statusCode() == 200
                    || answer.statusCode() == 409 && answer.body().contains("nothing-to-adopt");
        } catch (IOException starting) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** One request, without the client's patience. */
    private static HttpResponse<String> once(String method, String who, String path)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(PLATFORM.gateway().resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Authorization", "Bearer " + CLIENT.token(who))
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(method.equals("GET") ? "" : "{}"))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Every table of the service's database as of now. */
    private static void backUp(String service) throws SQLException {
        try (var database = PLATFORM.database(service);
                var statement = database.createStatement()) {
            statement.execute("create schema backup");
            statement.execute("do $$ declare t text; begin"
                    + " for t in select tablename from pg_tables where schemaname = 'public' loop"
                    + " execute format('create table backup.%1$I as select * from public.%1$I', t); end loop;"
                    + " create table backup.event_id_ as select last_value, is_called from event_id; end $$");
        }
    }

    private static void restore(String service) throws SQLException {
        try (var database = PLATFORM.database(service);
                var statement = database.createStatement()) {
            statement.execute("do $$ declare t text; begin set local session_replication_role = replica;"
                    + " for t in select tablename from pg_tables where schemaname = 'public' loop"
                    + " execute format('truncate public.%I cascade', t); end loop;"
                    + " for t in select tablename from pg_tables where schemaname = 'public' loop"
                    + " execute format('insert into public.%1$I overriding system value select * from backup.%1$I', t);"
                    + " end loop; perform setval('event_id', last_value, is_called) from backup.event_id_; end $$");
            statement.execute("drop schema backup cascade");
        }
    }

    private static void assertNothingIsLeft() throws SQLException, IOException {
        for (String service : KEEPERS) {
            assertThat(StolenKeys.read(PLATFORM, service, ROAD.person))
                    .as(service)
                    .isEmpty();
            assertThat(StolenKeys.read(PLATFORM, service, ROAD.notes))
                    .as(service)
                    .isEmpty();
            assertThat(StolenKeys.read(PLATFORM, service, ROAD.emergencies))
                    .as(service)
                    .isEmpty();
            assertThat(StolenKeys.read(PLATFORM, service, ROAD.verdicts))
                    .as(service)
                    .isEmpty();
        }
        long values = 0;
        for (String service : RunningPlatform.SERVICES) {
            for (String name : List.of(service, service + "_keys")) {
                try (var database = PLATFORM.database(name)) {
                    var result = new Search(ErasureTest::marks).database(database);
                    assertThat(result.findings()).as(name).isEmpty();
                    values += result.places();
                }
            }
        }
        long bytes = 0;
        for (String directory : List.of("postgres", "kafka", "logs", "secrets")) {
            var result = new Search(ErasureTest::marks).files(PLATFORM.data().resolve(directory));
            assertThat(result.findings()).as(directory).isEmpty();
            bytes += result.places();
        }
        assertThat(marks(exported())).isEmpty();
        assertThat(marks(ROAD.explanation())).isEmpty();
        assertThat(ROAD.explanation()).as("when it was routed is kept").contains("\"erased\":true", "\"at\":\"");
        System.out.println("erasure: " + values + " values and " + bytes + " bytes searched, none found");
    }

    /** Whoever has the databases alone, without the keys: of all services, as nothing else ever says such a word. */
    private static void assertNoVerdictIsInTheClear() throws SQLException {
        for (String service : RunningPlatform.SERVICES) {
            try (var database = PLATFORM.database(service)) {
                assertThat(new Search(ROAD.verdicts::foundIn).database(database).findings())
                        .as(service)
                        .isEmpty();
            }
        }
    }

    private static List<String> marks(String text) {
        return marks(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> marks(byte[] bytes) {
        var found = new ArrayList<>(ROAD.person.foundIn(bytes));
        found.addAll(ROAD.notes.foundIn(bytes));
        found.addAll(ROAD.emergencies.foundIn(bytes));
        found.addAll(ROAD.verdicts.foundIn(bytes));
        return found;
    }

    /** What those who may see most of the two cases are told. */
    private static String exported() {
        var told = new StringBuilder();
        for (String code : List.of(ROAD.code, ROAD.noted)) {
            for (String path : List.of(
                    "/identification/cases/" + code + "?masked=false",
                    "/assistance/plans/" + code,
                    "/reporting/cases/" + code + "/timeline",
                    "/reporting/cases/" + code)) {
                told.append(CLIENT.read(MarkedRoad.CASE_WORKER, path).text()).append('\n');
            }
        }
        return told.toString();
    }

    private static String theirs() {
        return "('" + ROAD.code + "', '" + ROAD.noted + "')";
    }

    private static long keysLeft() throws SQLException {
        long left = 0;
        for (String service : KEEPERS) {
            try (var database = PLATFORM.database(service + "_keys");
                    var statement = database.createStatement();
                    var rows = statement.executeQuery(
                            "select count(*) from person_key where wrapped is not null and subject in " + theirs())) {
                rows.next();
                left += rows.getLong(1);
            }
        }
        return left;
    }

    private static void backUpKeys(String service) throws SQLException {
        try (var database = PLATFORM.database(service + "_keys");
                var statement = database.createStatement()) {
            statement.execute("create schema backup");
            statement.execute("create table backup.data_key as select * from data_key");
        }
    }

    private static void restoreKeys(String service) throws SQLException {
        try (var database = PLATFORM.database(service + "_keys");
                var statement = database.createStatement()) {
            statement.execute("update data_subject set destroyed_at = null where subject in " + theirs());
            statement.execute("update data_key k set wrapped = b.wrapped, wrapped_by = b.wrapped_by"
                    + " from backup.data_key b where b.id = k.id");
        }
    }
}
