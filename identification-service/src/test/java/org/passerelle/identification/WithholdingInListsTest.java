package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.identification.Identification.post;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;

/** The list decides on withholding by itself; it must come to the same as the case does. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
class WithholdingInListsTest {

    private static final String WITHHELD =
            Identification.CONSENT.replace("\"authorities\": false", "\"authorities\": true");

    private final Identification identification = new Identification();

    @Test
    void aWithdrawalDoesNotOpenTheCaseToPoliceAndALaterConsentDoes() {
        String code = identification.detect();
        assertThat(policeSee(code)).isTrue();
        String consent = consent(code, WITHHELD);
        assertThat(policeSee(code)).isFalse();
        withdraw(code, consent);
        assertThat(policeSee(code)).as("withdrawn").isFalse();
        consent(
                code,
                Identification.CONSENT.replaceFirst("(?s)\"scopes\": \\[[^]]*]", "\"scopes\": [\"cross-border\"]"));
        assertThat(policeSee(code)).as("a hand-over is another matter").isFalse();
        consent(code, Identification.CONSENT);
        assertThat(policeSee(code)).as("the person says otherwise now").isTrue();
        String feared = consent(code, WITHHELD);
        consent(code, Identification.CONSENT);
        assertThat(policeSee(code)).as("two consents stand, one withholds").isFalse();
        withdraw(code, feared);
        assertThat(policeSee(code))
                .as("what was agreed to beside it says nothing of afterwards")
                .isFalse();
        consent(code, Identification.CONSENT);
        assertThat(policeSee(code)).as("another wish does").isTrue();
    }

    private void withdraw(String code, String consent) {
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/consents/" + consent + "/withdrawal",
                        code,
                        Map.of())
                .then()
                .statusCode(201);
    }

    private String consent(String code, String body) {
        return post(identification.asCaseWorker(), "/cases/" + code + "/consents", body)
                .then()
                .statusCode(201)
                .extract()
                .path("consentId");
    }

    private boolean policeSee(String code) {
        List<String> listed = identification
                .as("police-investigator", identification.owner)
                .get("/cases")
                .jsonPath()
                .getList("cases.caseCode");
        int status = identification
                .as("police-investigator", identification.owner)
                .get("/cases/" + code)
                .statusCode();
        assertThat(listed.contains(code)).isEqualTo(status == 200);
        return status == 200;
    }
}
