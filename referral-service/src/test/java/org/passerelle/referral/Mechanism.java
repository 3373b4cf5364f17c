package org.passerelle.referral;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.testkit.OtherService;
import org.passerelle.edge.testkit.Tokens;

/** An invented country for one test: a place of its own, organisations, cases; identification-service is played. */
final class Mechanism implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Random RANDOM = new Random();

    final String place;
    final String owner = UUID.randomUUID().toString();
    private final OtherService identification;
    private final List<Map<String, Object>> organisations = new ArrayList<>();
    private final List<Map<String, Object>> services = new ArrayList<>();
    private final List<Map<String, Object>> locations = new ArrayList<>();
    private final List<Map<String, Object>> links = new ArrayList<>();

    /** A service and its organisation. */
    record Provider(String organisation, String service) {}

    /** A stated need; its id is the referral's. */
    record Stated(String caseCode, String id) {}

    /** @param country of its own, so that tests do not offer needs to each other's services */
    Mechanism(String country) {
        this(country, Integer.toString(10 + RANDOM.nextInt(90)));
    }

    Mechanism(String country, String region) {
        place = country + "-" + region;
        identification = new OtherService(
                "identification", ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class));
    }

    Provider provider(String type, Map<String, ?> more, Map<String, ?> organisationMore) {
        String organisation = UUID.randomUUID().toString();
        Map<String, Object> listed = new HashMap<>(Map.of("id", organisation, "name", "Organisation " + organisation));
        listed.putAll(organisationMore);
        organisations.add(listed);
        return also(organisation, type, more);
    }

    /** One more service of an organisation. */
    Provider also(String organisation, String type, Map<String, ?> more) {
        String service = UUID.randomUUID().toString();
        String location = UUID.randomUUID().toString();
        Map<String, Object> offered = new HashMap<>(Map.of(
                "id",
                service,
                "organization_id",
                organisation,
                "name",
                "Service " + service,
                "status",
                "active",
                "taxonomy",
                List.of(type)));
        offered.putAll(more);
        services.add(offered);
        locations.add(Map.of("id", location, "location_type", "physical", "iso_3166_2", place));
        links.add(Map.of("id", UUID.randomUUID().toString(), "service_id", service, "location_id", location));
        return new Provider(organisation, service);
    }

    /** Elsewhere than in the place of the country. */
    void locate(Provider provider, String elsewhere) {
        Object at = links.stream()
                .filter(link -> link.get("service_id").equals(provider.service()))
                .findFirst()
                .orElseThrow()
                .get("location_id");
        locations.replaceAll(location -> {
            Map<String, Object> moved = new HashMap<>(location);
            if (location.get("id").equals(at)) {
                moved.put("iso_3166_2", elsewhere);
            }
            return moved;
        });
    }

    Provider provider(String type) {
        return provider(type, Map.of(), Map.of("organization_type", "NGO"));
    }

    Map<String, Object> directory() {
        return Map.of(
                "organizations", organisations,
                "services", services,
                "locations", locations,
                "service_at_locations", links);
    }

    void importDirectory() {
        as(coordinator())
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(directory())
                .post("/directory/imports")
                .then()
                .statusCode(200);
    }

    String newCase() {
        String code = "%04d-%04d-%04d".formatted(RANDOM.nextInt(10000), RANDOM.nextInt(10000), RANDOM.nextInt(10000));
        identification.publish(
                "case-detected",
                code,
                Map.of(
                        "ownerOrganisation",
                        owner,
                        "place",
                        place,
                        "foundAt",
                        Instant.now().toString()));
        return code;
    }

    /** @param member the hash of an account */
    String breakGlass(String code, String organisation, String member, Instant until, Instant reviewBy) {
        String glass = UUID.randomUUID().toString();
        identification.publish(
                "glass-broken",
                code,
                Map.of(
                        "glassId",
                        glass,
                        "ownerOrganisation",
                        owner,
                        "organisation",
                        organisation,
                        "member",
                        member,
                        "authority",
                        false,
                        "brokenAt",
                        Instant.now().toString(),
                        "until",
                        until.toString(),
                        "reviewBy",
                        reviewBy.toString()));
        return glass;
    }

    void reviewGlass(String code, String glass) {
        identification.publish("glass-reviewed", code, Map.of("glassId", glass, "finding", "justified"));
    }

    void erase(String code) {
        identification.publish(
                "person-erased", code, Map.of("erasedAt", "2025-11-20T10:00:00Z", "finalOn", "2025-12-20"));
    }

    /** @param recipients null for any */
    String consent(String code, @Nullable List<String> recipients, List<String> scopes) {
        return consent(code, recipients, scopes, null);
    }

    String consent(String code, @Nullable List<String> recipients, List<String> scopes, @Nullable Instant validUntil) {
        return consent(code, recipients, scopes, validUntil, List.of());
    }

    /** @param withheld organisations that must know nothing */
    String consent(
            String code,
            @Nullable List<String> recipients,
            List<String> scopes,
            @Nullable Instant validUntil,
            List<String> withheld) {
        String id = UUID.randomUUID().toString();
        Map<String, Object> data = new HashMap<>();
        data.put("consentId", id);
        data.put("scopes", scopes);
        data.put(
                "recipients",
                Map.of("any", recipients == null, "organisations", recipients == null ? List.of() : recipients));
        data.put("withheldFrom", Map.of("authorities", false, "organisations", withheld));
        data.put("validUntil", validUntil == null ? null : validUntil.toString());
        identification.publish("consent-recorded", code, data);
        return id;
    }

    void withdraw(String code, String consent) {
        identification.publish("consent-withdrawn", code, Map.of("consentId", consent));
    }

    void close(String code) {
        identification.publish("case-closed", code, Map.of("reason", "plan_completed"));
    }

    /** Something that the person said, and nobody here can read. */
    void unreadableConsent(String code) {
        identification.publish("consent-recorded", code, Map.of("scopes", List.of()));
    }

    /** Where and to whom nobody of the case is to be sent, and why. */
    void avoid(String code, int revision, List<String> places, Map<String, String> organisations) {
        identification.publish(
                "avoidance-changed",
                code,
                Map.of("revision", revision, "sealed", SealingAvoidance.of(code, revision, places, organisations)));
    }

    /** Sealed for another case: nobody here takes it for this one's. */
    void avoidUnreadably(String code, int revision) {
        identification.publish(
                "avoidance-changed",
                code,
                Map.of(
                        "revision",
                        revision,
                        "sealed",
                        SealingAvoidance.of("0000-0000-0000", revision, List.of(), Map.of())));
    }

    /** What the person says now is that no authority hears of them. */
    String withholdFromAuthorities(String code) {
        String id = UUID.randomUUID().toString();
        Map<String, Object> data = new HashMap<>();
        data.put("consentId", id);
        data.put("scopes", List.of("services"));
        data.put("recipients", Map.of("any", true, "organisations", List.of()));
        data.put("withheldFrom", Map.of("authorities", true, "organisations", List.of()));
        data.put("validUntil", null);
        identification.publish("consent-recorded", code, data);
        return id;
    }

    Stated need(String code, String type, String urgency, Duration clock) {
        return need(code, UUID.randomUUID().toString(), type, urgency, clock, null);
    }

    /** @param pack the country pack whose text has the person reported; null where none has */
    Stated reported(String code, String type, String urgency, Duration clock, @Nullable String pack) {
        return need(code, UUID.randomUUID().toString(), type, urgency, clock, null, pack);
    }

    /** @param leg its part in a package; null where it stands alone */
    Stated need(
            String code, String id, String type, String urgency, Duration clock, @Nullable Map<String, Object> leg) {
        return need(code, id, type, urgency, clock, leg, null);
    }

    /** @param circumstances of the person that somebody chose to say */
    Stated need(String code, String type, String urgency, Duration clock, List<String> circumstances) {
        String id = UUID.randomUUID().toString();
        Map<String, Object> data = data(id, type, urgency, clock);
        data.put("circumstances", circumstances);
        identification.publish("need-stated", code, data);
        return new Stated(code, id);
    }

    /** Of somebody who comes along with the person. */
    Stated needOfSomebodyElse(String code, String type, String urgency, Duration clock) {
        String id = UUID.randomUUID().toString();
        Map<String, Object> data = data(id, type, urgency, clock);
        data.put("accompanying", true);
        identification.publish("need-stated", code, data);
        return new Stated(code, id);
    }

    private Stated need(
            String code,
            String id,
            String type,
            String urgency,
            Duration clock,
            @Nullable Map<String, Object> leg,
            @Nullable String pack) {
        Map<String, Object> data = data(id, type, urgency, clock);
        if (leg != null) {
            data.put("leg", leg);
        }
        if (pack != null) {
            data.put("reportedUnder", pack);
        }
        identification.publish("need-stated", code, data);
        return new Stated(code, id);
    }

    private Map<String, Object> data(String id, String type, String urgency, Duration clock) {
        Map<String, Object> data = new HashMap<>();
        data.put("needId", id);
        data.put("ownerOrganisation", owner);
        data.put("service", type);
        data.put("urgency", urgency);
        data.put("place", place);
        data.put("age", 19);
        data.put("child", false);
        data.put("sex", "Feminine");
        data.put("statedAt", Instant.now().toString());
        data.put("dueAt", Instant.now().plus(clock).toString());
        return data;
    }

    static RequestSpecification as(String token) {
        return given().auth().oauth2(token).contentType(ContentType.JSON).header("Accept-Language", "fr");
    }

    static String coordinator() {
        return Tokens.of("coordination", List.of("coordinator"), "715aa1b0-9ecf-54a6-8343-8b83c54350cf");
    }

    String caseWorker() {
        return Tokens.of("dossiers", List.of("case-worker"), owner);
    }

    static String providerOf(String organisation) {
        return Tokens.of("accueil", List.of("provider"), organisation);
    }

    JsonPath awaitReferral(String token, String id, Predicate<JsonPath> shows) {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            Response answer = as(token).get("/referrals/" + id);
            if (answer.statusCode() == 200 && shows.test(answer.jsonPath())) {
                return answer.jsonPath();
            }
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("waited in vain: " + answer.statusCode() + " " + answer.asString());
            }
            pause();
        }
    }

    JsonPath awaitOffer(String id) {
        return awaitReferral(
                caseWorker(), id, referral -> referral.getString("state").equals("offered"));
    }

    static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The offer that awaits its answer. */
    static Map<String, Object> openOffer(JsonPath referral) {
        return referral.getMap("offers.find { it.state == 'open' }");
    }

    Response change(String token, String id, String what, Map<String, ?> body) {
        String etag = as(token).get("/referrals/" + id).header("ETag");
        return as(token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("If-Match", etag == null ? "\"0\"" : etag)
                .body(body)
                .post("/referrals/" + id + "/" + what);
    }

    /** The change is made. */
    void ok(String token, Stated need, String what, Map<String, ?> body) {
        Response answer = change(token, need.id(), what, body);
        assertThat(answer.statusCode()).as(what + " " + answer.asString()).isEqualTo(200);
    }

    String state(Stated need) {
        return as(caseWorker()).get("/referrals/" + need.id()).jsonPath().getString("state");
    }

    String nextStep(Stated need) {
        return as(caseWorker()).get("/referrals/" + need.id()).jsonPath().getString("nextStep.step");
    }

    static Response propose(String token, Stated need, Map<String, ?> body) {
        return as(token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post("/referrals/" + need.id() + "/proposals");
    }

    static List<String> proposals(String token, String query) {
        return as(token).get("/proposals?" + query).jsonPath().getList("proposals.proposalId");
    }

    static void await(BooleanSupplier holds) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!holds.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            pause();
        }
    }

    @Override
    public void close() {
        identification.close();
    }
}
