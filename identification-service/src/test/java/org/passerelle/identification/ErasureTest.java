package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.passerelle.identification.Identification.post;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.Erasures;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.presuming.Presumption;

/** A case is erased by two people, unless a court forbids it, and stays erased. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("erasure")
class ErasureTest {

    private static final List<String> PERSONAL =
            List.of("Espérance", "Ndayizeye", "25779000000", "Derrière la gare", "Un récit");
    private static final Map<String, String> WANTED =
            Map.of("reason", "person-request", "legalBasis", "Loi n° 1/28, article 17");

    @Inject
    Pool pool;

    @Inject
    @ReactiveDataSource("keys")
    Pool keyPool;

    @Inject
    Erasures erasures;

    private final Identification identification = new Identification();

    private String closed() throws InterruptedException {
        String code = identification.detect();
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/closure",
                        code,
                        Map.of("reason", "client_request"))
                .then()
                .statusCode(201);
        await("its keys have names", () -> keysLeft(code) > 0);
        return code;
    }

    private Response asCaseWorker(String code, String what, Object body) {
        return post(identification.asCaseWorker(), "/cases/" + code + what, body);
    }

    private Response asSupervisor(String code, String what, Object body) {
        return post(identification.as("supervisor", identification.owner), "/cases/" + code + what, body);
    }

    private void erase(String code) throws InterruptedException {
        asCaseWorker(code, "/erasure/request", WANTED).then().statusCode(201);
        asSupervisor(code, "/erasure/approval", Map.of()).then().statusCode(201);
        await("the keys are gone", () -> keysLeft(code) == 0);
    }

    private static void await(String what, BooleanSupplier there) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!there.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(50);
        }
    }

    private long keysLeft(String code) {
        return keyPool.query("select count(*) from person_key where wrapped is not null and subject = '" + code + "'")
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private String read(String code) {
        return identification
                .asCaseWorker()
                .get("/cases/" + code + "?masked=false")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    @Test
    void anErasedCaseNamesNobodyWithinFiveSeconds() throws Exception {
        String code = closed();
        assertThat(read(code)).contains("Espérance", "25779000000");
        assertThat(keysLeft(code)).isPositive();

        erase(code);

        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (read(code).contains("Espérance")) {
            assertThat(System.nanoTime()).as("five seconds").isLessThan(end);
            Thread.sleep(100);
        }
        assertThat(read(code)).doesNotContain(PERSONAL).contains(code);
    }

    @Test
    void whoAsksCannotApprove() throws InterruptedException {
        String code = closed();
        var supervisor = identification.as("supervisor", identification.owner);
        post(supervisor, "/cases/" + code + "/erasure/request", WANTED).then().statusCode(201);

        asSupervisor(code, "/erasure/approval", Map.of())
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:second-person-needed"));
        asCaseWorker(code, "/erasure/approval", Map.of()).then().statusCode(403);
        assertThat(keysLeft(code)).isPositive();
    }

    @Test
    void aLegalHoldForbidsItUntilItIsLifted() throws Exception {
        String code = closed();
        String hold = asSupervisor(code, "/holds", Map.of("basis", "Tribunal, RP 12/2026"))
                .then()
                .statusCode(201)
                .extract()
                .path("holdId");
        asCaseWorker(code, "/erasure/request", WANTED)
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:legal-hold"));
        asSupervisor(code, "/holds/" + hold + "/lifting", Map.of()).then().statusCode(201);
        asCaseWorker(code, "/erasure/request", WANTED).then().statusCode(201);
        asSupervisor(code, "/holds", Map.of("basis", "Tribunal, RP 13/2026"))
                .then()
                .statusCode(201);

        asSupervisor(code, "/erasure/approval", Map.of())
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:legal-hold"));
        assertThat(keysLeft(code)).isPositive();
    }

    @Test
    void anOpenCaseIsNotErased() {
        String code = identification.detect();
        asCaseWorker(code, "/erasure/request", WANTED)
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:erasure-needs-closed-case"));
    }

    @Test
    void theCertificateSaysWhenItIsFinalAndNamesNobody() throws Exception {
        String code = closed();
        identification
                .asCaseWorker()
                .get("/cases/" + code + "/erasure/certificate")
                .then()
                .statusCode(409);
        erase(code);

        LocalDate finalOn = LocalDate.now(ZoneOffset.UTC).plusDays(30);
        identification
                .asCaseWorker()
                .get("/cases/" + code + "/erasure")
                .then()
                .statusCode(200)
                .body("state", equalTo("erased"))
                .body("finalOn", equalTo(finalOn.toString()));
        for (String language : List.of("fr", "es", "en")) {
            String page = identification
                    .asCaseWorker()
                    .header("Accept-Language", language)
                    .get("/cases/" + code + "/erasure/certificate")
                    .then()
                    .statusCode(200)
                    .contentType("text/html")
                    .extract()
                    .asString();
            assertThat(page)
                    .contains("Loi n° 1/28, article 17", code, String.valueOf(finalOn.getYear()))
                    .doesNotContain(PERSONAL);
        }
    }

    @Test
    void anOlderBackupOfTheKeysOpensNothing() throws Exception {
        String code = closed();
        String backup = "backup_" + code.replace("-", "");
        keyPool.query("create table " + backup + " as select * from person_key where subject = '" + code + "'")
                .execute()
                .await()
                .indefinitely();
        erase(code);
        keyPool.query("update data_key k set wrapped = b.wrapped, wrapped_by = b.wrapped_by from " + backup
                        + " b where b.id = k.id")
                .execute()
                .await()
                .indefinitely();
        keyPool.query("update data_subject set destroyed_at = null where subject = '" + code + "'")
                .execute()
                .await()
                .indefinitely();
        assertThat(keysLeft(code)).isPositive();

        assertThat(erasures.replay().await().indefinitely()).isEqualTo(1);

        assertThat(keysLeft(code)).isZero();
        assertThat(erasures.replay().await().indefinitely()).isZero();
    }

    @Test
    void whatWasStoredInTheClearIsNotSaidToBeErased() throws InterruptedException {
        String code = closed();
        byte[] plain = CaseStream.TYPES
                .encode(new CaseEvent.VictimPresumed(
                        new Presumption(Presumption.DecidedBy.NGO, "Un récit.", Instant.parse("2025-11-20T10:00:00Z"))))
                .data();
        pool.preparedQuery(
                        "insert into event (id, stream_id, version, type, schema_version, data, metadata, recorded_at)"
                                + " select nextval('event_id'), stream_id, 3, 'identification.victim-presumed', 1, $2, metadata,"
                                + " recorded_at from event where stream_id = $1 and version = 2")
                .execute(Tuple.of("case-" + code, Buffer.buffer(plain)))
                .await()
                .indefinitely();

        asCaseWorker(code, "/erasure/request", WANTED)
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:stored-in-the-clear"))
                .body("detail", containsString("identification.victim-presumed"));
        pool.query("delete from event where stream_id = 'case-" + code + "' and version = 3")
                .execute()
                .await()
                .indefinitely();
        asCaseWorker(code, "/erasure/request", WANTED).then().statusCode(201);
    }

    @Test
    void nothingPersonalIsLeftInItsEventsAndNoHoldBringsItBack() throws Exception {
        String code = closed();
        erase(code);
        pool.query("select data from event where stream_id = 'case-" + code + "'")
                .execute()
                .await()
                .indefinitely()
                .forEach(row -> assertThat(row.get(Buffer.class, "data").toString(StandardCharsets.UTF_8))
                        .doesNotContain(PERSONAL));
        asSupervisor(code, "/holds", Map.of("basis", "too late"))
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:person-erased"));
    }
}
