package org.passerelle.assistance.erasing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.assistance.Mechanism.as;
import static org.passerelle.assistance.Mechanism.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.assistance.Mechanism;
import org.passerelle.edge.testkit.LocalBackends;

/** Notes from before fields were sealed are not erased by destroying keys: nobody is told that they were. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("erasure")
class ErasureOfOlderNotesTest {

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    @Inject
    Pool pool;

    private Mechanism mechanism;

    @BeforeEach
    void open() {
        mechanism = new Mechanism(kafka).withShelterAgreed();
    }

    @AfterEach
    void close() {
        mechanism.close();
    }

    private long number(String sql) {
        return pool.query(sql)
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private void erase() {
        mechanism.identification.publish(
                "person-erased",
                mechanism.caseCode,
                Map.of("erasedAt", "2025-11-20T10:00:00Z", "finalOn", "2025-12-20"));
        await(() -> number("select count(*) from erasure where subject = '" + mechanism.caseCode + "'") == 1);
    }

    private String parked() {
        return as("operator", mechanism.owner)
                .get("/operations/parked")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    @Test
    void aCaseWithNotesInTheClearWaitsForAnOperator() {
        String delivered = """
                {"deliveryId":"00000000-0000-4000-8000-00000000001f","referralId":"00000000-0000-4000-8000-00000000000b",\
                "offerId":"00000000-0000-4000-8000-000000000015","service":"SAFE_SHELTER",\
                "organisation":"00000000-0000-4000-8000-000000000002","deliveredAt":"2025-11-01T08:00:00Z",\
                "units":3,"note":"Un récit."}""";
        pool.preparedQuery(
                        "insert into event (id, stream_id, version, type, schema_version, data, metadata, recorded_at)"
                                + " select nextval('event_id'), stream_id, version + 1, 'assistance.service-delivered', 1,"
                                + " convert_to($1, 'UTF8'), metadata, recorded_at from event"
                                + " where stream_id = 'plan-" + mechanism.caseCode + "' order by version desc limit 1")
                .execute(Tuple.of(delivered))
                .await()
                .indefinitely();
        erase();
        await(() -> parked().contains(mechanism.caseCode));
        assertThat(parked()).contains("stored-in-the-clear");
        mechanism.asCaseWorker().get("/plans/" + mechanism.caseCode).then().statusCode(200);
    }

    @Test
    void aCaseWhoseNotesAreSealedIsErasedAndStaysReadable() {
        erase();
        assertThat(parked()).doesNotContain(mechanism.caseCode);
        mechanism.asCaseWorker().get("/plans/" + mechanism.caseCode).then().statusCode(200);
    }
}
