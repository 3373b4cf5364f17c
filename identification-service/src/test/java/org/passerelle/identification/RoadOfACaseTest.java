package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.passerelle.identification.Identification.post;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.OtherService;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
class RoadOfACaseTest {

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private final Identification identification = new Identification();

    @Test
    void aDetectionIsAnsweredWithItsCodeAndReadByItsOwner() {
        Response answer = post(identification.asFieldWorker(), "/cases", Identification.DETECTION);
        String code = answer.then()
                .statusCode(201)
                .body("caseCode", matchesPattern("[0-9]{4}-[0-9]{4}-[0-9]{4}"))
                .body("version", equalTo(1))
                .extract()
                .path("caseCode");
        assertThat(answer.header("Location")).endsWith("/identification/cases/" + code);
        assertThat(answer.header("ETag")).isEqualTo("\"1\"");

        identification
                .asCaseWorker()
                .get("/cases/" + code + "?masked=false")
                .then()
                .statusCode(200)
                .header("ETag", "\"1\"")
                .header("Cache-Control", "no-store")
                .body("state", equalTo("open"))
                .body("person.givenName", equalTo("Espérance"))
                .body("found.place", equalTo("BI-BM"))
                .body("age", equalTo(25))
                .body("ownerOrganisation", equalTo(identification.owner));
        identification
                .asCaseWorker()
                .get("/cases")
                .then()
                .statusCode(200)
                .body("cases.caseCode", hasItem(code))
                .body("next", nullValue());
    }

    @Test
    void aRepeatedDetectionIsOneCase() {
        String key = UUID.randomUUID().toString();
        Response first = identification
                .asFieldWorker()
                .header("Idempotency-Key", key)
                .body(Identification.DETECTION)
                .post("/cases");
        Response second = identification
                .asFieldWorker()
                .header("Idempotency-Key", key)
                .body(Identification.DETECTION)
                .post("/cases");
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.asString()).isEqualTo(first.asString());
        identification
                .asFieldWorker()
                .header("Idempotency-Key", key)
                .body(Identification.DETECTION.replace("24", "25"))
                .post("/cases")
                .then()
                .statusCode(422);
        assertThat(identification.asFieldWorker().get("/cases").jsonPath().getList("cases"))
                .hasSize(1);
    }

    @Test
    void needsThatBelongTogetherAreStatedAtOnce_orNotAtAll() {
        String code = identification.detect();
        Map<String, Object> clinic =
                Map.of("name", "clinic", "service", "MEDICAL", "urgency", "emergency", "place", "BI-BM");
        Map<String, Object> mother = Map.of(
                "name", "mother",
                "service", "SAFE_SHELTER",
                "urgency", "urgent",
                "place", "BI-BM",
                "together", "shelter",
                "after", List.of(Map.of("leg", "clinic", "until", "begun")));
        Map<String, Object> child = Map.of(
                "name", "child",
                "service", "SAFE_SHELTER",
                "urgency", "urgent",
                "place", "BI-BM",
                "together", "shelter",
                "accompanying", Map.of("age", 4, "sex", "Feminine"));
        Response answer = post(
                identification.asFieldWorker(),
                "/cases/" + code + "/packages",
                Map.of("legs", List.of(clinic, mother, child)));
        answer.then().statusCode(201).body("legs.name", contains("clinic", "mother", "child"));
        List<String> needs = answer.jsonPath().getList("legs.needId");
        identification.asCaseWorker().get("/cases/" + code).then().body("needs.needId", equalTo(needs));

        Map<String, Object> circle = new java.util.HashMap<>(clinic);
        circle.put("after", List.of(Map.of("leg", "mother", "until", "completed")));
        post(identification.asFieldWorker(), "/cases/" + code + "/packages", Map.of("legs", List.of(circle, mother)))
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("legs"));
        post(identification.asFieldWorker(), "/cases/" + code + "/packages", Map.of("legs", List.of(mother, child)))
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("legs[0].after[0].leg"));
    }

    @Test
    void immediateDangerShowsInTheListAtOnce() {
        String code = post(
                        identification.asFieldWorker(),
                        "/cases",
                        Identification.DETECTION.replace("\"immediateDanger\": \"no\"", "\"immediateDanger\": \"yes\""))
                .path("caseCode");
        identification
                .asFieldWorker()
                .get("/cases")
                .then()
                .body("cases.find { it.caseCode == '" + code + "' }.urgent", equalTo(true));
        identification.asFieldWorker().get("/cases/" + code).then().body("urgentRisks", contains("immediate-danger"));
    }

    @Test
    void theListIsReadPageByPage() {
        List<String> codes = List.of(identification.detect(), identification.detect(), identification.detect());
        var first = identification
                .asCaseWorker()
                .queryParam("limit", 2)
                .get("/cases")
                .jsonPath();
        assertThat(first.getList("cases.caseCode")).containsExactly(codes.get(2), codes.get(1));
        var second = identification
                .asCaseWorker()
                .queryParam("limit", 2)
                .queryParam("after", first.getString("next"))
                .get("/cases")
                .jsonPath();
        assertThat(second.getList("cases.caseCode")).containsExactly(codes.get(0));
        assertThat(second.getString("next")).isNull();

        String madeUp = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((Instant.now() + " " + codes.get(0)).getBytes(StandardCharsets.UTF_8));
        identification
                .asCaseWorker()
                .queryParam("after", madeUp)
                .get("/cases")
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("after"));
    }

    @Test
    void aNeedGetsItsClockWhateverTheScreeningSays() {
        String code = identification.detect();
        Instant before = Instant.now();
        String due = post(identification.asFieldWorker(), "/cases/" + code + "/needs", Identification.NEED)
                .then()
                .statusCode(201)
                .body("needId", notNullValue())
                .extract()
                .path("dueAt");
        assertThat(Duration.between(before, Instant.parse(due))).isBetween(Duration.ofHours(71), Duration.ofHours(73));
    }

    @Test
    void aConsentIsRecordedAndWithdrawn() {
        String code = identification.detect();
        String consent = identification.consent(code);
        identification
                .asCaseWorker()
                .get("/cases/" + code)
                .then()
                .body("consents[0].live", equalTo(true))
                .body("consents[0].consent.scopes", contains("services"));
        post(identification.asCaseWorker(), "/cases/" + code + "/consents/" + consent + "/withdrawal", Map.of())
                .then()
                .statusCode(428);
        post(
                        identification.asCaseWorker().header("If-Match", "\"1\""),
                        "/cases/" + code + "/consents/" + consent + "/withdrawal",
                        Map.of())
                .then()
                .statusCode(412)
                .body("currentVersion", equalTo(2));
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/consents/" + consent + "/withdrawal",
                        code,
                        Map.of())
                .then()
                .statusCode(201)
                .body("version", equalTo(3));
        identification.asCaseWorker().get("/cases/" + code).then().body("consents[0].live", equalTo(false));
    }

    @Test
    void aVictimIsPresumedAndTheCaseClosesOnlyWhenItsNeedsAreSettled() {
        String code = identification.detect();
        String need = identification.need(code);
        post(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/presumption",
                        Map.of("decidedBy", "NGO", "grounds", "Des indices sérieux."))
                .then()
                .statusCode(201);
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/closure",
                        code,
                        Map.of("reason", "plan_completed"))
                .then()
                .statusCode(409)
                .body("type", containsString("needs-unsettled"))
                .body("title", containsString("(1)"));

        try (OtherService referral = new OtherService("referral", broker)) {
            referral.publish("referral-cancelled", code, Map.of("referralId", need, "reason", "client_request"));
            eventually(() -> settled(code), "cancelled");
        }
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + code + "/closure",
                        code,
                        Map.of("reason", "plan_completed"))
                .then()
                .statusCode(201);
        identification.asCaseWorker().get("/cases/" + code).then().body("state", equalTo("closed"));
    }

    @Test
    void aProviderReadsTheSliceWhileItProvidesAndNothingBeforeOrAfter() {
        String code = identification.detect();
        String consent = identification.consent(code);
        String need = identification.need(code);
        String other = identification.need(code);
        Map<String, String> offer = Map.of(
                "referralId",
                need,
                "organisation",
                identification.shelter,
                "offerId",
                UUID.randomUUID().toString());
        assertThat(slice(code)).isEqualTo(404);
        try (OtherService referral = new OtherService("referral", broker)) {
            referral.publish("service-offered", code, offer);
            eventually(() -> standing(code), "offered");
            assertThat(slice(code)).as("only offered").isEqualTo(404);

            long accepted = referral.publish("offer-accepted", code, offer);
            eventually(() -> standing(code), "providing");
            identification
                    .as("provider", identification.shelter)
                    .get("/cases/" + code + "/slice")
                    .then()
                    .statusCode(200)
                    .body("givenName", nullValue())
                    .body("phone", nullValue())
                    .body("masked", contains("names", "contacts"));
            identification
                    .as("provider", identification.shelter)
                    .get("/cases/" + code + "/slice?masked=false")
                    .then()
                    .statusCode(200)
                    .body("masked", nullValue())
                    .body("givenName", equalTo("Espérance"))
                    .body("needs.needId", contains(need))
                    .body("needs.needId", not(hasItem(other)))
                    .body("$", not(hasItem("account")))
                    .body("account", nullValue())
                    .body("found", nullValue());
            identification
                    .as("provider", identification.shelter)
                    .get("/cases/" + code)
                    .then()
                    .statusCode(403);

            referral.again(accepted, "offer-accepted", code, offer);
            referral.publish(
                    "referral-completed",
                    code,
                    Map.of("referralId", need, "organisation", identification.shelter, "outcome", "got-help"));
            eventually(() -> standing(code), "has-provided");
            assertThat(slice(code)).as("after the end").isEqualTo(404);
            assertThat(consent).isNotEmpty();
        }
    }

    @Test
    void withdrawingConsentClosesTheSliceAtOnce() {
        String code = identification.detect();
        String consent = identification.consent(code);
        String need = identification.need(code);
        try (OtherService referral = new OtherService("referral", broker)) {
            referral.publish(
                    "offer-accepted", code, Map.of("referralId", need, "organisation", identification.shelter));
            eventually(() -> standing(code), "providing");
            assertThat(slice(code)).isEqualTo(200);
            identification
                    .change(
                            identification.asCaseWorker(),
                            "/cases/" + code + "/consents/" + consent + "/withdrawal",
                            code,
                            Map.of())
                    .then()
                    .statusCode(201);
            assertThat(slice(code)).isEqualTo(404);
        }
    }

    private int slice(String code) {
        return identification
                .as("provider", identification.shelter)
                .get("/cases/" + code + "/slice")
                .statusCode();
    }

    private String standing(String code) {
        return identification
                .asCaseWorker()
                .get("/cases/" + code)
                .jsonPath()
                .getString("needs[0].providers[0].standing");
    }

    private String settled(String code) {
        return identification.asCaseWorker().get("/cases/" + code).jsonPath().getString("needs[0].settled");
    }

    private interface Look {
        String see();
    }

    private static void eventually(Look look, String awaited) {
        Instant end = Instant.now().plusSeconds(30);
        String seen = look.see();
        while (!awaited.equals(seen) && Instant.now().isBefore(end)) {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            seen = look.see();
        }
        assertThat(seen).isEqualTo(awaited);
    }
}
