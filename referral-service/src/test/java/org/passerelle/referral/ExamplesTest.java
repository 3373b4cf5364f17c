package org.passerelle.referral;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.passerelle.edge.testkit.ExamplesBattery;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.referral.Mechanism.Stated;

/** The need of the story is that of identification-service's examples, which is played here. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("examples")
class ExamplesTest extends ExamplesBattery {

    private static final String CASE = "4829-1370-6158";
    private static final String NEED = "b7e1d0a4-92c6-4c1f-a5d3-7f8e9a0b1c2d";
    private static final String PROVIDER = "d3a1f5b7-0c2e-4a68-9b4d-5e6f7a8b9c0d";
    private static final String OWNER = "6a4b2c1e-58d3-4f0a-9c7e-2b1d3e5f7a90";

    /** Another need of the same case. */
    private static final String SECOND = "c8f2e1b5-a3d7-4d20-b6e4-80910a2b3c4d";

    private int referralsRead;

    private final Mechanism country = new Mechanism("XZ", "12");

    ExamplesTest() {
        super("referral");
        isReally(OWNER, country.owner);
        real(PROVIDER);
    }

    @Override
    protected void before(String operation) {
        if (!operation.equals("GET /referral/referrals/{id}")) {
            return;
        }
        if (referralsRead++ == 0) {
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3));
            isReally(CASE, code);
            isReally(NEED, need.id());
        } else {
            isReally(
                    SECOND,
                    country.need(real(CASE), "SAFE_SHELTER", "urgent", Duration.ofDays(3))
                            .id());
        }
    }

    @AfterEach
    void close() {
        country.close();
    }
}
