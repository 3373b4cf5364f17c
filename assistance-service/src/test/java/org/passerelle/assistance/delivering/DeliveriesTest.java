package org.passerelle.assistance.delivering;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.passerelle.assistance.Mechanism.as;
import static org.passerelle.assistance.Mechanism.once;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.assistance.Mechanism;
import org.passerelle.edge.testkit.LocalBackends;

@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("road")
class DeliveriesTest {
    private static final String NOTE = "sleeps badly, asked for her sister";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    private Mechanism mechanism;

    @BeforeEach
    void open() {
        mechanism = new Mechanism(kafka).withShelterAgreed();
    }

    @AfterEach
    void close() {
        mechanism.close();
    }

    private String plan() {
        return "/plans/" + mechanism.caseCode;
    }

    private Map<String, Object> delivery() {
        Map<String, Object> body = new HashMap<>();
        body.put("referralId", mechanism.referral);
        body.put("service", "SAFE_SHELTER");
        body.put("deliveredAt", Instant.now().minusSeconds(60).toString());
        body.put("units", 2);
        body.put("note", NOTE);
        return body;
    }

    private Map<String, Object> deliveryWith(String field, Object value) {
        Map<String, Object> body = delivery();
        body.put(field, value);
        return body;
    }

    @Test
    void the_provider_records_what_it_gave_and_the_owner_for_it() {
        once(mechanism.asShelter())
                .body(delivery())
                .post(plan() + "/deliveries")
                .then()
                .statusCode(201)
                .header("Location", endsWith("/assistance/plans/" + mechanism.caseCode))
                .body(not(containsString(NOTE)));
        once(mechanism.asCaseWorker())
                .body(Map.of(
                        "referralId",
                        mechanism.referral,
                        "deliveredAt",
                        Instant.now().toString()))
                .post(plan() + "/deliveries")
                .then()
                .statusCode(201);

        mechanism
                .asShelter()
                .get(plan())
                .then()
                .body("services[0].deliveries", hasSize(2))
                .body("services[0].deliveries.units", contains(2, 1))
                .body("services[0].deliveries[0].note", equalTo(NOTE));
        mechanism.asCaseWorker().get(plan()).then().body("services[0].deliveries[0].note", equalTo(NOTE));
        as("coordinator", UUID.randomUUID().toString())
                .get(plan())
                .then()
                .statusCode(200)
                .body("services[0].deliveries", hasSize(2))
                .body(not(containsString(NOTE)));
        as("coordinator", mechanism.clinic)
                .queryParam("limit", 200)
                .get("/plans")
                .then()
                .statusCode(200)
                .body(
                        "plans.find { it.caseCode == '%s' }.services[0].deliveries".formatted(mechanism.caseCode),
                        equalTo(2));
    }

    @Test
    void a_repeat_with_the_same_key_is_recorded_once() {
        String key = UUID.randomUUID().toString();
        Map<String, Object> body = delivery();
        Response first =
                mechanism.asShelter().header("Idempotency-Key", key).body(body).post(plan() + "/deliveries");
        mechanism
                .asShelter()
                .header("Idempotency-Key", key)
                .body(body)
                .post(plan() + "/deliveries")
                .then()
                .statusCode(201)
                .body(equalTo(first.asString()));
        mechanism
                .asShelter()
                .header("Idempotency-Key", key)
                .body(deliveryWith("units", 3))
                .post(plan() + "/deliveries")
                .then()
                .statusCode(422);
        mechanism.asShelter().get(plan()).then().body("services[0].deliveries", hasSize(1));
    }

    @Test
    void what_was_not_agreed_is_refused() {
        once(mechanism.asCaseWorker())
                .body(deliveryWith("referralId", UUID.randomUUID().toString()))
                .post(plan() + "/deliveries")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:service-not-agreed"))
                .body("errors[0].field", equalTo("referralId"));
        once(mechanism.asShelter())
                .body(deliveryWith("service", "MEDICAL"))
                .post(plan() + "/deliveries")
                .then()
                .statusCode(409)
                .body("errors[0].field", equalTo("service"));
        once(mechanism.asShelter().header("Accept-Language", "fr"))
                .body(deliveryWith(
                        "deliveredAt", Instant.now().plusSeconds(3600).toString()))
                .post(plan() + "/deliveries")
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("deliveredAt"));
    }

    @Test
    void bad_input_names_its_field() {
        for (var bad : Map.<String, Object>of(
                        "units",
                        0,
                        "deliveredAt",
                        "yesterday",
                        "service",
                        "SHELTER",
                        "colour",
                        "red",
                        "note",
                        "n".repeat(2_001))
                .entrySet()) {
            once(mechanism.asShelter())
                    .body(deliveryWith(bad.getKey(), bad.getValue()))
                    .post(plan() + "/deliveries")
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("errors[0].field", equalTo(bad.getKey()));
        }
        once(mechanism.asShelter().header("Accept-Language", "es"))
                .body(Map.of("deliveredAt", Instant.now().toString()))
                .post(plan() + "/deliveries")
                .then()
                .statusCode(400)
                .body("errors[0].message", containsString("nulo"));
        mechanism
                .asShelter()
                .body(delivery())
                .post(plan() + "/deliveries")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("Idempotency-Key"));
        mechanism.asShelter().get(plan()).then().body("services[0].deliveries", hasSize(0));
    }

    @Test
    void who_does_not_give_this_service_cannot_record_it() {
        String medical = UUID.randomUUID().toString();
        mechanism.referrals.publish(
                "offer-accepted",
                mechanism.caseCode,
                mechanism.accepted(medical, UUID.randomUUID().toString(), mechanism.clinic, "MEDICAL"));
        mechanism.awaitPlan(it -> it.jsonPath().getList("services").size() == 2);
        once(as("provider", mechanism.clinic))
                .body(delivery())
                .post(plan() + "/deliveries")
                .then()
                .statusCode(404);
        once(as("coordinator", mechanism.owner))
                .body(delivery())
                .post(plan() + "/deliveries")
                .then()
                .statusCode(403);
    }

    @Test
    void when_its_service_has_ended_the_provider_keeps_its_own_record_and_no_more() {
        once(mechanism.asShelter())
                .body(delivery())
                .post(plan() + "/deliveries")
                .then()
                .statusCode(201);
        mechanism.referrals.publish(
                "referral-completed", mechanism.caseCode, mechanism.completed(mechanism.referral, mechanism.shelter));
        mechanism.awaitPlan(it -> "completed".equals(it.jsonPath().getString("services[0].ended")));

        mechanism.asShelter().get(plan()).then().statusCode(200).body("services[0].deliveries", hasSize(1));
        once(mechanism.asShelter())
                .body(delivery())
                .post(plan() + "/deliveries")
                .then()
                .statusCode(404);
        once(mechanism.asCaseWorker())
                .body(delivery())
                .post(plan() + "/deliveries")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:passerelle:problem:service-ended"));
    }
}
