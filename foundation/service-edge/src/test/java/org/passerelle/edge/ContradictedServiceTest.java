package org.passerelle.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.eventsourcing.EventLog;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.Note;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.NoteSigner;
import org.passerelle.proof.ServiceKeys;

/** A witness tells a running service that it has signed more than its database holds. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(value = ContradictedServiceTest.Remembering.class, restrictToAnnotatedClass = true)
@Tag("tamper")
class ContradictedServiceTest {

    private static final String SERVICE = "sample";
    private static final NoteSigner WITNESS =
            NoteSigner.of(Checkpoint.witness("other"), NoteKey.Type.COSIGNATURE, new byte[32]);

    /** The tests' classes are loaded twice: what the witness tells is a property. */
    private static final String TOLD = "passerelle.test.told";

    private static final String KEYS = "passerelle.test.contradicted.keys";

    /** A witness with a memory of its own. */
    public static final class Remembering implements QuarkusTestResourceLifecycleManager {

        private HttpServer http;

        @Override
        public Map<String, String> start() {
            try {
                Path directory = Files.createTempDirectory("keys");
                System.setProperty(KEYS, directory.toString());
                ServiceKeys.makeIn(directory);
                http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                http.createContext("/last-checkpoints", exchange -> {
                    byte[] told = System.getProperty(TOLD, "rubbish").getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, told.length);
                    exchange.getResponseBody().write(told);
                    exchange.close();
                });
                http.start();
                return Map.of(
                        "passerelle.proof.keys",
                        directory.toString(),
                        "passerelle.proof.witnesses",
                        WITNESS.key().text() + " http://127.0.0.1:"
                                + http.getAddress().getPort());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void stop() {
            http.stop(0);
        }
    }

    @Inject
    Pool pool;

    @ConfigProperty(name = "quarkus.management.test-port")
    int managementPort;

    private static RequestSpecification asOperator() {
        return given().auth()
                .oauth2(Tokens.of("operator-1", List.of("operator"), null))
                .header("Accept-Language", "en")
                .contentType(ContentType.JSON);
    }

    private static Response create() {
        String jar = UUID.randomUUID().toString();
        return asOperator()
                .header("Idempotency-Key", jar)
                .body("{\"colour\":\"red\"}")
                .post("/jars/" + jar);
    }

    private static void await(String what, BooleanSupplier there) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!there.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(100);
        }
    }

    @Test
    void takesNothingUntilAnOperatorAdoptsTheLog() throws Exception {
        create().then().statusCode(201);
        String origin = Checkpoint.origin(SERVICE, EventLog.epoch(pool).await().atMost(Duration.ofSeconds(5)));
        String text = new Checkpoint(origin, 1_000_000, new byte[32]).text();
        ServiceKeys keys = ServiceKeys.in(Path.of(System.getProperty(KEYS)), SERVICE);
        System.setProperty(
                TOLD,
                new Note(text, List.of(keys.log().named(origin).sign(text), WITNESS.cosign(text, Instant.now())))
                        .format());

        await("it notices", () -> create().statusCode() == 503);
        create().then().statusCode(503).body("type", equalTo("urn:passerelle:problem:log-contradicted"));
        given().port(managementPort)
                .basePath("/")
                .get("/q/health/ready")
                .then()
                .statusCode(503)
                .body(containsString("passerelle/other/witness"))
                .body(containsString("adopt-restore sample"));

        asOperator()
                .body("{}")
                .post("/operations/adopt-restore")
                .then()
                .statusCode(200)
                .body("witnessed", equalTo(1_000_000));
        create().then().statusCode(201);
        given().port(managementPort).basePath("/").get("/q/health/ready").then().statusCode(200);
    }
}
