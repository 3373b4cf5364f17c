package org.passerelle.assistance;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.RestAssured;
import io.restassured.config.HeaderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.passerelle.edge.testkit.OtherService;
import org.passerelle.edge.testkit.Tokens;

/**
 * The rest of the mechanism, played on the real topics: one case with its referrals, and the invented people who look at
 * its plan.
 */
public final class Mechanism implements AutoCloseable {

    /** Two shared cores and a cold service: what takes milliseconds alone may take seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public final String owner = UUID.randomUUID().toString();
    public final String shelter = UUID.randomUUID().toString();
    public final String clinic = UUID.randomUUID().toString();
    public final String caseCode = newCaseCode();
    public final String referral = UUID.randomUUID().toString();
    public final String offer = UUID.randomUUID().toString();
    public final OtherService identification;
    public final OtherService referrals;

    public Mechanism(String bootstrapServers) {
        identification = new OtherService("identification", bootstrapServers);
        referrals = new OtherService("referral", bootstrapServers);
    }

    public static String newCaseCode() {
        var random = ThreadLocalRandom.current();
        return "%04d-%04d-%04d".formatted(random.nextInt(10_000), random.nextInt(10_000), random.nextInt(10_000));
    }

    public Map<String, Object> detected() {
        return Map.of(
                "ownerOrganisation",
                owner,
                "place",
                "BI-BM",
                "foundAt",
                Instant.now().toString());
    }

    public Map<String, Object> requested(String id, String service) {
        return Map.of(
                "referralId",
                id,
                "service",
                service,
                "urgency",
                "urgent",
                "place",
                "BI-BM",
                "dueAt",
                Instant.now().plusSeconds(3600).toString(),
                "requestedBy",
                owner);
    }

    public Map<String, Object> accepted(String id, String offerId, String organisation, String service) {
        return Map.of(
                "referralId", id,
                "offerId", offerId,
                "organisation", organisation,
                "serviceId", UUID.randomUUID().toString(),
                "service", service,
                "channel", "api",
                "requestedBy", owner);
    }

    public Map<String, Object> completed(String id, String organisation) {
        return Map.of("referralId", id, "organisation", organisation, "outcome", "got-help", "requestedBy", owner);
    }

    /** A shelter has said yes, and the plan shows it. */
    public Mechanism withShelterAgreed() {
        identification.publish("case-detected", caseCode, detected());
        referrals.publish("referral-requested", caseCode, requested(referral, "SAFE_SHELTER"));
        referrals.publish("offer-accepted", caseCode, accepted(referral, offer, shelter, "SAFE_SHELTER"));
        awaitPlan(plan -> plan.jsonPath().getList("services").size() == 1
                && owner.equals(plan.jsonPath().getString("owner")));
        return this;
    }

    public Response awaitPlan(Predicate<Response> shows) {
        Response[] last = new Response[1];
        await(() -> {
            last[0] = asCaseWorker().get("/plans/" + caseCode);
            return last[0].statusCode() == 200 && shows.test(last[0]);
        });
        return last[0];
    }

    public static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("patience").isBefore(end);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public RequestSpecification asCaseWorker() {
        return as("case-worker", owner);
    }

    public RequestSpecification asShelter() {
        return as("provider", shelter);
    }

    /** Somebody with this role in this organisation. */
    public static RequestSpecification as(String role, String organisation) {
        return given().config(RestAssured.config()
                        .headerConfig(HeaderConfig.headerConfig().overwriteHeadersWithName("Accept-Language")))
                .auth()
                .oauth2(Tokens.of(role + "-" + organisation, List.of(role), organisation))
                .header("Accept-Language", "en")
                .contentType(ContentType.JSON);
    }

    /** With a key that nobody has used. */
    public static RequestSpecification once(RequestSpecification request) {
        return request.header("Idempotency-Key", UUID.randomUUID().toString());
    }

    @Override
    public void close() {
        identification.close();
        referrals.close();
    }
}
