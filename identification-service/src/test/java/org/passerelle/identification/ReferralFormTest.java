package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.OtherService;
import org.passerelle.edge.testkit.Patience;

/** What can be read on the paper is what was agreed to, and nothing else. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("form")
class ReferralFormTest {

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @Inject
    Pool pool;

    private final Identification identification = new Identification();

    private Response form(String code, String query) {
        return identification
                .asCaseWorker()
                .get("/cases/" + code + "/referral-form?to=" + identification.shelter + query);
    }

    private Response provider(String code) {
        return identification.as("provider", identification.shelter).get("/cases/" + code + "/slice/form");
    }

    private static String text(Response pdf) throws IOException {
        assertThat(pdf.statusCode()).as(pdf.asString()).isEqualTo(200);
        pdf.then()
                .contentType("application/pdf")
                .header("Cache-Control", "no-store")
                .header("Content-Disposition", containsString("referral-form.pdf"));
        byte[] bytes = pdf.asByteArray();
        Files.createDirectories(Path.of("target", "forms"));
        Files.write(Path.of("target", "forms", pdf.header("Content-Language") + ".pdf"), bytes);
        try (PDDocument document = Loader.loadPDF(bytes)) {
            assertThat(document.getNumberOfPages()).isEqualTo(1);
            assertThat(document.getDocumentCatalog().getLanguage()).isEqualTo(pdf.header("Content-Language"));
            assertThat(document.getDocumentCatalog().getMarkInfo().isMarked()).isTrue();
            assertThat(document.getDocumentInformation().getTitle()).doesNotContain("Ndayizeye");
            return new PDFTextStripper().getText(document);
        }
    }

    @Test
    void theSenderPrintsWhatTheReceiverWouldReadInThreeLanguages() throws IOException {
        String code = identification.detect();
        assertThat(form(code, "").statusCode()).as("nothing is agreed to").isEqualTo(409);
        String consent = identification.consent(code);
        identification.need(code);
        String french = text(form(code, "&lang=fr"));
        assertThat(french)
                .contains(
                        "Fiche d’orientation", code, "Espérance Ndayizeye", "+25779000000", "hébergement sûr", "femme")
                .doesNotContain("Un récit", "gare", "victime", "BI-BM");
        assertThat(text(form(code, "&lang=es"))).contains("Ficha de derivación", "alojamiento seguro");
        assertThat(text(form(code, ""))).as("by Accept-Language").contains("Referral form", "safe shelter");
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/consents/" + consent + "/withdrawal",
                        code,
                        Map.of())
                .then()
                .statusCode(201);
        assertThat(form(code, "").statusCode()).as("it was withdrawn").isEqualTo(409);
        assertThat(identification
                        .asCaseWorker()
                        .get("/cases/" + code + "/access")
                        .asString())
                .contains("case.form", "form for " + identification.shelter);
    }

    /** Paper is for whom the system does not reach: above all for what nobody in it can give. */
    @Test
    void aNeedThatNobodyCanMeetStandsOnTheFormAndKeepsTheCaseOpenUntilItIsCancelled() throws IOException {
        String code = identification.detect();
        identification.consent(code);
        String need = identification.need(code);
        Map<String, String> reason = Map.of("reason", "lost_contact");
        try (OtherService referral = new OtherService("referral", broker)) {
            referral.publish("service-gap-found", code, Map.of("referralId", need));
            Patience.until(() -> "gap".equals(settled(code)));
            assertThat(text(form(code, "&lang=fr"))).contains("hébergement sûr");
            assertThat(openNeeds(code)).isEqualTo(1);
            asAReleaseBeforeListedIt(code);
            assertThat(openNeeds(code)).isZero();
            run(migration());
            assertThat(openNeeds(code)).as("the migration").isEqualTo(1);
            identification
                    .change(identification.asCaseWorker(), "/cases/" + code + "/closure", code, reason)
                    .then()
                    .statusCode(409)
                    .body("type", containsString("needs-unsettled"))
                    .body("detail", containsString("SAFE_SHELTER (" + need + ")"));
            referral.publish("referral-cancelled", code, Map.of("referralId", need, "reason", "no-service"));
            Patience.until(() -> "cancelled".equals(settled(code)));
        }
        assertThat(text(form(code, "&lang=fr"))).doesNotContain("hébergement sûr");
        assertThat(openNeeds(code)).isZero();
        identification
                .change(identification.asCaseWorker(), "/cases/" + code + "/closure", code, reason)
                .then()
                .statusCode(201);
    }

    private void asAReleaseBeforeListedIt(String code) {
        run("update case_need set open = false where case_code = '" + code + "'");
        run("update case_list set open_needs = 0, next_due_at = null where case_code = '" + code + "'");
    }

    private void run(String sql) {
        pool.query(sql).execute().await().indefinitely();
    }

    private static String migration() throws IOException {
        return Files.readString(Path.of("src", "main", "resources", "db", "migration", "V113__a_gap_is_unmet.sql"));
    }

    private String settled(String code) {
        return identification.asCaseWorker().get("/cases/" + code).jsonPath().getString("needs[0].settled");
    }

    private int openNeeds(String code) {
        return identification
                .asCaseWorker()
                .get("/cases")
                .jsonPath()
                .getInt("cases.find { it.caseCode == '" + code + "' }.openNeeds");
    }

    @Test
    void whoeverMayNotReadTheCasePrintsNothing() {
        String code = identification.detect();
        identification.consent(code);
        String elsewhere = UUID.randomUUID().toString();
        identification
                .as("case-worker", elsewhere)
                .get("/cases/" + code + "/referral-form?to=" + elsewhere)
                .then()
                .statusCode(404);
        identification
                .as("coordinator", elsewhere)
                .get("/cases/" + code + "/referral-form?to=" + elsewhere)
                .then()
                .statusCode(403);
        identification
                .asCaseWorker()
                .get("/cases/" + code + "/referral-form?to=somebody")
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("to"));
    }

    @Test
    void aProviderPrintsItsOwnSliceWhileItProvidesAndTheConsentLives() throws IOException {
        String code = identification.detect();
        String consent = identification.consent(code);
        String need = identification.need(code);
        assertThat(provider(code).statusCode()).isEqualTo(404);
        try (OtherService referral = new OtherService("referral", broker)) {
            referral.publish(
                    "offer-accepted", code, Map.of("referralId", need, "organisation", identification.shelter));
            Patience.until(() -> provider(code).statusCode() == 200);
        }
        assertThat(text(provider(code)))
                .contains("Espérance Ndayizeye", "safe shelter")
                .doesNotContain("récit");
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/consents/" + consent + "/withdrawal",
                        code,
                        Map.of())
                .then()
                .statusCode(201);
        assertThat(provider(code).statusCode()).isEqualTo(404);
    }
}
