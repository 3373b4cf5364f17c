package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Stated;

/** Notes from before fields were sealed are not erased by destroying keys: nobody is told that they were. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
@Tag("erasure")
class ErasureOfOlderNotesTest {

    @Inject
    Pool pool;

    private static void await(BooleanSupplier there) {
        Instant end = Instant.now().plus(Mechanism.PATIENCE);
        while (!there.getAsBoolean()) {
            assertThat(Instant.now()).as("patience").isBefore(end);
            Mechanism.pause();
        }
    }

    private static String parked() {
        return as(Tokens.of("operator-1", List.of("operator"), null))
                .get("/operations/parked")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    @Test
    void aCaseWithNotesInTheClearWaitsForAnOperator() {
        try (Mechanism country = new Mechanism("XE")) {
            country.provider("SAFE_SHELTER");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3));
            country.awaitOffer(need.id());
            pool.query("insert into event (id, stream_id, version, type, schema_version, data, metadata, recorded_at)"
                            + " select nextval('event_id'), stream_id, version + 1, 'referral.completed', 1,"
                            + " convert_to('{\"note\":\"Un récit.\"}', 'UTF8'), metadata, recorded_at from event"
                            + " where stream_id = 'referral-" + need.id() + "' order by version desc limit 1")
                    .execute()
                    .await()
                    .indefinitely();

            country.erase(code);
            await(() -> parked().contains(code));
            assertThat(parked()).contains("stored-in-the-clear");
            assertThat(pool.query("select count(*) from erasure where subject = '" + code + "'")
                            .execute()
                            .await()
                            .indefinitely()
                            .iterator()
                            .next()
                            .getLong(0))
                    .as("its keys are destroyed all the same")
                    .isEqualTo(1);
        }
    }
}
