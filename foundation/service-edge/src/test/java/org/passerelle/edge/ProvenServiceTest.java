package org.passerelle.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.local.Backends;
import org.passerelle.proof.AddCheckpoint;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.LogExport;
import org.passerelle.proof.Note;
import org.passerelle.proof.ServiceKeys;
import org.passerelle.proof.TreeProof;
import org.passerelle.proof.Trust;
import org.passerelle.proof.Verification;

/** A service with keys proves its history to an auditor, and witnesses a log: here, for want of another, its own. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(value = ProvenServiceTest.Keys.class, restrictToAnnotatedClass = true)
@Tag("tamper")
class ProvenServiceTest {

    private static final String SERVICE = "sample";

    /** As the launcher or a mounted secret provides them. */
    public static final class Keys implements QuarkusTestResourceLifecycleManager {

        static Path directory() {
            return Path.of(System.getProperty("passerelle.test.keys"));
        }

        /** After {@link LocalBackends}, whose keys prove but watch another log. */
        @Override
        public int order() {
            return 1;
        }

        @Override
        public Map<String, String> start() {
            try {
                Path directory = Files.createTempDirectory("keys");
                System.setProperty("passerelle.test.keys", directory.toString());
                ServiceKeys.makeIn(directory);
                return Map.of(
                        "passerelle.proof.keys",
                        directory.toString(),
                        "passerelle.proof.witness-of",
                        ServiceKeys.in(directory, SERVICE).log().key().text());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void stop() {}
    }

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String database;

    private static RequestSpecification as(String role) {
        return given().auth()
                .oauth2(Tokens.of(role + "-1", List.of(role), null))
                .header("Accept-Language", "en");
    }

    private static ServiceKeys keys() {
        return ServiceKeys.in(Keys.directory(), SERVICE);
    }

    private static void fill() {
        String jar = UUID.randomUUID().toString();
        as("operator")
                .contentType(ContentType.JSON)
                .header("Idempotency-Key", jar)
                .body("{\"colour\":\"red\"}")
                .post("/jars/" + jar)
                .then()
                .statusCode(201);
    }

    /** Waits until something newer than that size is signed. */
    private static Note checkpoint(long newerThan) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < end) {
            Response answer = as("auditor").get("/proof/checkpoint");
            if (answer.statusCode() == 200) {
                Note note = Note.parse(answer.body().asString());
                if (Checkpoint.parse(note.text()).size() > newerThan) {
                    return note;
                }
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no checkpoint");
    }

    private static List<byte[]> proof(Response answer) {
        answer.then().statusCode(200);
        List<String> hashes = answer.path("proof");
        return hashes.stream().map(Base64.getDecoder()::decode).toList();
    }

    private static Response add(String request) {
        return given().contentType("text/plain; charset=utf-8")
                .body(request.getBytes(StandardCharsets.UTF_8))
                .post("/proof/witness/add-checkpoint");
    }

    @Test
    void anAuditorChecksWhatTheServiceSigned() throws Exception {
        fill();
        Note first = checkpoint(0);
        Checkpoint early = Checkpoint.parse(first.text());
        assertThat(early.isOf(keys().log().key().name())).isTrue();
        assertThat(first.isSignedBy(keys().log().named(early.origin()).key())).isTrue();

        fill();
        Checkpoint late = Checkpoint.parse(checkpoint(early.size()).text());
        assertThat(TreeProof.consistent(
                        early.size(),
                        late.size(),
                        early.root(),
                        late.root(),
                        proof(as("auditor").get("/proof/consistency?from=" + early.size() + "&to=" + late.size()))))
                .isTrue();
        byte[] leaves = as("auditor")
                .get("/proof/tile/0/000" + (late.size() < 256 ? ".p/" + late.size() : ""))
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        assertThat(TreeProof.includes(
                        0,
                        late.size(),
                        Arrays.copyOf(leaves, 32),
                        proof(as("auditor").get("/proof/inclusion/1?size=" + late.size())),
                        late.root()))
                .isTrue();
        as("auditor").get("/proof/tile/0/999").then().statusCode(404);
        as("auditor").get("/proof/inclusion/99999999").then().statusCode(404);
        as("auditor").get("/proof/inclusion/0").then().statusCode(400);
        as("auditor")
                .get("/proof")
                .then()
                .statusCode(200)
                .body("limitSeconds", equalTo(60))
                .body("keys", hasItem(keys().log().key().text()))
                .body("keys", hasItem(keys().witness().key().text()))
                .body("quorum", equalTo(1))
                .body("log", equalTo(keys().log().key().named(late.origin()).text()));
        as("auditor").get("/proof/cosigned").then().statusCode(200).contentType("text/plain");
    }

    @Test
    void whatIsWitnessedIsVerifiedFromAnExport() throws Exception {
        fill();
        Note note = checkpoint(0);
        Checkpoint now = Checkpoint.parse(note.text());
        Response answer = add(new AddCheckpoint(0, List.of(), note).text());
        if (answer.statusCode() == 409) { // another test was here before
            long known = Long.parseLong(answer.body().asString().strip());
            assertThat(answer.contentType()).startsWith("text/x.tlog.size");
            answer = add(new AddCheckpoint(
                            known,
                            proof(as("auditor").get("/proof/consistency?from=" + known + "&to=" + now.size())),
                            note)
                    .text());
        }
        answer.then().statusCode(200);
        Note cosigned = note.with(Note.signatures(answer.body().asString()));
        assertThat(cosigned.cosignedBy(keys().witness().key())).isPresent();

        add("nonsense").then().statusCode(400);
        add(new AddCheckpoint(0, List.of(), note).text()).then().statusCode(409);
        add(new AddCheckpoint(0, List.of(), Note.parse(note.format().replace("/sample/", "/stranger/"))).text())
                .then()
                .statusCode(404);
        add(new AddCheckpoint(0, List.of(), Note.parse(note.format().replace("\n" + now.size() + "\n", "\n7777\n")))
                        .text())
                .then()
                .statusCode(403);

        String seen = as("auditor")
                .queryParam("log", Checkpoint.log(SERVICE))
                .get("/proof/witness/checkpoints")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        Backends backends = Backends.shared();
        var export = new ByteArrayOutputStream();
        try (var connection = DriverManager.getConnection(database, backends.user(), backends.password())) {
            LogExport.write(connection, SERVICE, export);
        }
        var report = Verification.verify(
                new ByteArrayInputStream(export.toByteArray()),
                Note.parseAll(seen),
                new Trust(List.of(keys().witness().key()), List.of(keys().log().key()), List.of(keys().mac()), 1L));
        assertThat(report.findings()).isEmpty();
        assertThat(report.proven()).isGreaterThanOrEqualTo(now.size());
    }

    @Test
    void onlyWhoMayCheckHistoryReadsTheProofs() {
        for (String path : List.of(
                "/proof",
                "/proof/checkpoint",
                "/proof/cosigned",
                "/proof/tile/0/000",
                "/proof/inclusion/1",
                "/proof/consistency?from=0",
                "/proof/witness/checkpoints?log=passerelle/sample")) {
            as("case-worker").get(path).then().statusCode(403);
            given().get(path).then().statusCode(401);
        }
    }
}
