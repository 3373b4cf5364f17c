package org.passerelle.identification;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.Denials;
import org.passerelle.edge.Memberships;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.OtherService;
import org.passerelle.edge.testkit.Patience;

/** Whoever has accepted by a link reads what was agreed to, by a ticket of referral-service; whatever is wrong opens nothing. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("links")
class LinkedSliceTest {

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @Inject
    Denials denials;

    @Inject
    Memberships memberships;

    @Inject
    Pool pool;

    private final Identification identification = new Identification();

    /** Somebody who agreed, and the need that a service without accounts accepted. */
    private record Accepted(String code, String consent, String need) {}

    private Accepted accepted() {
        String code = identification.detect();
        String consent = identification.consent(code);
        String need = identification.need(code);
        referral("offer-accepted", code, need);
        Patience.until(() -> identification
                        .as("provider", identification.shelter)
                        .get("/cases/" + code + "/slice")
                        .statusCode()
                == 200);
        return new Accepted(code, consent, need);
    }

    private void referral(String event, String code, String need) {
        try (OtherService referral = new OtherService("referral", broker)) {
            referral.publish(event, code, Map.of("referralId", need, "organisation", identification.shelter));
        }
    }

    /** As referral-service writes it, with some claims changed; null leaves one out. */
    private String ticket(Accepted accepted, Map<String, ?> changes) {
        return signed(LinkTickets.key(), accepted, changes);
    }

    private String signed(PublicJsonWebKey key, Accepted accepted, Map<String, ?> changes) {
        return LinkTickets.signed(key, identification.shelter, accepted.code(), accepted.need(), changes);
    }

    private static Response look(String ticket) {
        return given().contentType(ContentType.URLENC.withCharset("UTF-8"))
                .header("Accept-Language", "fr")
                .formParam("ticket", ticket)
                .post("/links/slice");
    }

    private static Response reveal(String ticket) {
        return given().contentType(ContentType.URLENC.withCharset("UTF-8"))
                .header("Accept-Language", "fr")
                .formParam("ticket", ticket)
                .formParam("show", "names")
                .post("/links/slice");
    }

    /** Every refusal is the same page, byte for byte. */
    private static void opensNothing(String why, Response answer) {
        assertThat(answer.statusCode()).as(why).isEqualTo(404);
        assertThat(answer.asString()).as(why).isEqualTo(look("x").asString());
        assertThat(answer.asString()).contains("Rouvrez le lien").doesNotContain("Espérance");
    }

    @Test
    void whoeverAcceptedReadsWithoutNamesAndThenByAPressWithThem_eachOnRecordAndOnce() throws Exception {
        Accepted accepted = accepted();
        String link = UUID.randomUUID().toString();
        String ticket = ticket(accepted, Map.of("sub", link));
        Response masked = look(ticket);
        assertThat(masked.statusCode()).as(masked.asString()).isEqualTo(200);
        masked.then().header("Cache-Control", "no-store").header("Referrer-Policy", "no-referrer");
        assertThat(masked.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(masked.asString())
                .contains("hébergement sûr", "Âge", "femme", accepted.code(), "Voir le nom et le contact")
                .doesNotContain("Espérance", "Ndayizeye", "25779000000", "gare", "récit");
        Response revealed = reveal(ticket);
        assertThat(revealed.asString())
                .contains("Espérance Ndayizeye", "+25779000000")
                .doesNotContain("gare", "récit", "Voir le nom");
        opensNothing("looked before", look(ticket));
        opensNothing("revealed before", reveal(ticket));
        Patience.until(() -> looks(accepted).stream()
                        .filter(look -> link.equals(look.get("subject")))
                        .count()
                == 2);
        assertThat(looks(accepted))
                .filteredOn(look -> link.equals(look.get("subject")))
                .allSatisfy(look -> assertThat(look)
                        .containsEntry("issuer", "link")
                        .containsEntry("organisation", identification.shelter)
                        .containsEntry("action", "case.slice"));
        assertThat(looks(accepted)).extracting(look -> look.get("fields")).contains("SLICE masked", "SLICE");
    }

    private List<Map<String, Object>> looks(Accepted accepted) {
        return identification
                .asCaseWorker()
                .get("/cases/" + accepted.code() + "/access")
                .jsonPath()
                .getList("looks");
    }

    @Test
    void whatReferralServiceDidNotSignForThisServiceAndThisMomentOpensNothing() throws Exception {
        Accepted accepted = accepted();
        long now = System.currentTimeMillis() / 1000;
        PublicJsonWebKey stranger = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        stranger.setKeyId(LinkTickets.key().getKeyId());
        opensNothing("forged", look(signed(stranger, accepted, Map.of())));
        String good = ticket(accepted, Map.of());
        opensNothing("one character differs", look(good.substring(0, good.length() - 10) + "AAAAAAAAAA"));
        opensNothing("too late", look(ticket(accepted, Map.of("iat", now - 120, "exp", now - 1))));
        opensNothing("longer than any is good for", look(ticket(accepted, Map.of("iat", now - 300, "exp", now + 120))));
        opensNothing("of another day", look(ticket(accepted, Map.of("iat", now + 60, "exp", now + 120))));
        opensNothing("for another service", look(ticket(accepted, Map.of("aud", "passerelle/assistance"))));
        opensNothing("of another service", look(ticket(accepted, Map.of("iss", "passerelle/assistance"))));
        opensNothing("no ticket", look(""));
        String[] parts = good.split("\\.");
        opensNothing("unsigned", look("eyJhbGciOiJub25lIiwidHlwIjoicGFzc2VyZWxsZS1zbGljZStqd3QifQ." + parts[1] + "."));
        assertThat(look(good).statusCode()).as("and the good one does").isEqualTo(200);
    }

    @Test
    void aTicketLetsNobodyReadWhatAProviderWithAnAccountWouldNot() throws Exception {
        Accepted accepted = accepted();
        opensNothing(
                "another organisation",
                look(ticket(accepted, Map.of("organisation", UUID.randomUUID().toString()))));
        opensNothing(
                "another need",
                look(ticket(accepted, Map.of("need", UUID.randomUUID().toString()))));
        String ticket = ticket(accepted, Map.of());
        memberships.suspended(pool, identification.shelter, true).await().indefinitely();
        opensNothing("its organisation is suspended", look(ticket));
        memberships.suspended(pool, identification.shelter, false).await().indefinitely();
        String before = ticket(accepted, Map.of());
        assertThat(look(before).statusCode()).isEqualTo(200);
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + accepted.code() + "/consents/" + accepted.consent() + "/withdrawal",
                        accepted.code(),
                        Map.of())
                .then()
                .statusCode(201);
        opensNothing("the consent was withdrawn between the look and the press", reveal(before));
        opensNothing("and for a new ticket", look(ticket(accepted, Map.of())));
    }

    @Test
    void aTicketThatWasGivenBeforeItsLinkWasRevokedOpensNothing() throws Exception {
        Accepted accepted = accepted();
        String link = UUID.randomUUID().toString();
        String ticket = ticket(accepted, Map.of("sub", link));
        assertThat(look(ticket).statusCode()).isEqualTo(200);
        try (OtherService referral = new OtherService("referral", broker)) {
            referral.publish(
                    "link-revoked",
                    accepted.code(),
                    Map.of("referralId", accepted.need(), "linkId", link, "requestedBy", identification.owner));
        }
        Patience.until(() -> pool.query("select count(*) as revoked from revoked_link where link_id = '" + link + "'")
                        .execute()
                        .await()
                        .indefinitely()
                        .iterator()
                        .next()
                        .getLong("revoked")
                == 1);
        opensNothing("the link was revoked", reveal(ticket));
        assertThat(look(ticket(accepted, Map.of())).statusCode())
                .as("other links open")
                .isEqualTo(200);
    }

    @Test
    void whatIsWithheldFromTheOrganisationOrFromAuthoritiesOpensNothing() throws Exception {
        Accepted accepted = accepted();
        Map<String, ?> isOne = Map.of("authority", true);
        Map<String, ?> mayBeOne = Collections.singletonMap("authority", null);
        assertThat(look(ticket(accepted, isOne)).statusCode()).isEqualTo(200);
        assertThat(look(ticket(accepted, mayBeOne)).statusCode()).isEqualTo(200);
        String authority = ticket(accepted, isOne);
        String silent = ticket(accepted, mayBeOne);
        withheld(accepted, "{\"authorities\": true, \"organisations\": []}");
        opensNothing("withheld from authorities", look(authority));
        opensNothing("and from whoever may be one", look(silent));
        assertThat(look(ticket(accepted, Map.of())).statusCode())
                .as("not from the others")
                .isEqualTo(200);
        String ticket = ticket(accepted, Map.of());
        withheld(accepted, "{\"authorities\": false, \"organisations\": [\"" + identification.shelter + "\"]}");
        opensNothing("withheld from the organisation", look(ticket));
    }

    @Test
    void whatAGenuineTicketIsRefusedIsCountedByItsLink_andWhatAForgedOneSaysIsNot() throws Exception {
        Accepted accepted = accepted();
        String link = UUID.randomUUID().toString();
        String ticket = ticket(accepted, Map.of("sub", link));
        withheld(accepted, "{\"authorities\": false, \"organisations\": [\"" + identification.shelter + "\"]}");
        PublicJsonWebKey stranger = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        stranger.setKeyId(LinkTickets.key().getKeyId());
        String invented = UUID.randomUUID().toString();
        opensNothing("forged", look(signed(stranger, accepted, Map.of("sub", invented))));
        opensNothing("withheld", look(ticket));
        Patience.until(() -> {
            denials.write(Instant.MAX).await().indefinitely();
            return !refusals(link).isEmpty();
        });
        assertThat(refusals(link)).singleElement().satisfies(refused -> {
            assertThat(JsonPath.from(refused.getString("data")).getInt("refused.'case.slice'"))
                    .isEqualTo(1);
            assertThat(refused.getString("by")).contains("\"link\"", identification.shelter);
        });
        assertThat(refusals(invented)).isEmpty();
    }

    private List<Row> refusals(String link) {
        List<Row> all = new ArrayList<>();
        pool.preparedQuery("select convert_from(data, 'UTF8') as data, convert_from(metadata, 'UTF8') as by"
                        + " from event where type = 'access.requests-refused'"
                        + " and convert_from(metadata, 'UTF8') like $1")
                .execute(Tuple.of("%" + link + "%"))
                .await()
                .indefinitely()
                .forEach(all::add);
        return all;
    }

    private void withheld(Accepted accepted, String from) {
        Identification.post(
                        identification.asFieldWorker(),
                        "/cases/" + accepted.code() + "/consents",
                        Identification.CONSENT.replace("{\"authorities\": false, \"organisations\": []}", from))
                .then()
                .statusCode(201);
    }

    @Test
    void afterTheServiceAndAfterErasureNothingOpens() throws Exception {
        Accepted accepted = accepted();
        String ended = ticket(accepted, Map.of());
        referral("referral-completed", accepted.code(), accepted.need());
        Patience.until(() -> identification
                        .as("provider", identification.shelter)
                        .get("/cases/" + accepted.code() + "/slice")
                        .statusCode()
                == 404);
        opensNothing("the service has ended", look(ended));
        identification
                .change(
                        identification.asCaseWorker(),
                        "/cases/" + accepted.code() + "/closure",
                        accepted.code(),
                        Map.of("reason", "plan_completed"))
                .then()
                .statusCode(201);
        Identification.post(
                        identification.asCaseWorker(),
                        "/cases/" + accepted.code() + "/erasure/request",
                        Map.of("reason", "person-request", "legalBasis", "Loi n° 1/28, article 17"))
                .then()
                .statusCode(201);
        Identification.post(
                        identification.as("supervisor", identification.owner),
                        "/cases/" + accepted.code() + "/erasure/approval",
                        Map.of())
                .then()
                .statusCode(201);
        opensNothing("erased", look(ticket(accepted, Map.of())));
        opensNothing("erased", reveal(ticket(accepted, Map.of())));
    }
}
