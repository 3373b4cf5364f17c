package org.passerelle.referral;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.await;
import static org.passerelle.referral.Mechanism.openOffer;
import static org.passerelle.referral.Mechanism.providerOf;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.texts.Texts;

/** Who has no account and is sent a link: what it shows, what it lets them do, and until when. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class LinksOnTheRoadTest {

    @Test
    void anOrganisationWithoutAccountsAnswersByALinkAndACodeToldByTelephone() throws java.io.IOException {
        try (Mechanism country = new Mechanism("XR", "77")) {
            country.provider("LEGAL");
            country.provider("FOOD");
            country.provider("MEDICAL");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            country.awaitOffer(need.id());
            country.change(providerOf(UUID.randomUUID().toString()), need.id(), "links", Map.of())
                    .then()
                    .statusCode(403);
            JsonPath link = issued(country, need);
            assertThat(link.getString("path")).startsWith("/referral/links/");
            String path = page(link);
            assertThat(path).hasSizeGreaterThanOrEqualTo("/links/".length() + 22);

            given().contentType(ContentType.URLENC.withCharset("UTF-8"))
                    .body("code=%zz")
                    .post(path)
                    .then()
                    .statusCode(400);
            given().formParam("code", link.getString("code"))
                    .formParam("action", "look")
                    .formParam("note", "e".repeat(5_000))
                    .post(path)
                    .then()
                    .statusCode(200);

            Response door = given().header("Accept-Language", "fr").get(path);
            assertThat(door.statusCode()).isEqualTo(200);
            assertThat(door.asString()).contains("code à six chiffres").doesNotContain(country.place, "legal", code);
            assertThat(door.header("Content-Security-Policy")).contains("default-src 'none'");
            keep("door", door);
            assertThat(act(path, "x" + link.getString("code"), "look").statusCode())
                    .isEqualTo(404);
            Response summary = act(path, link.getString("code"), "look");
            assertThat(summary.statusCode()).as(summary.asString()).isEqualTo(200);
            assertThat(act(path, link.getString("code"), "agreed").statusCode())
                    .as("before it is accepted nothing is told")
                    .isEqualTo(404);
            assertThat(summary.asString())
                    .contains(country.place, "18-20", "aide juridique", "Répondez avant le", "Accepter", "Décliner")
                    .doesNotContain(code, "Feminine", need.id(), country.owner, "enregistré");
            keep("summary", summary);
            assertThat(act(path, link.getString("code"), "accept").asString())
                    .contains("La personne a été rencontrée", "C’est enregistré")
                    .doesNotContain("Répondez avant le");
            assertThat(country.state(need)).isEqualTo("accepted");
            keep("accepted", act(path, link.getString("code"), "accept"));
            ticketOf(act(path, link.getString("code"), "agreed"), country, code, need);
            act(path, link.getString("code"), "first-contact");
            assertThat(country.state(need)).isEqualTo("in-progress");
            assertThat(given().header("Accept-Language", "fr")
                            .formParam("code", link.getString("code"))
                            .formParam("action", "report")
                            .formParam("progress", "ends-soon")
                            .formParam("note", "une note")
                            .post(path)
                            .asString())
                    .contains("Le service continue", "Bientôt fini")
                    .doesNotContain("une note");
            assertThat(as(country.caseWorker())
                            .get("/referrals/" + need.id())
                            .jsonPath()
                            .getString("progress"))
                    .isEqualTo("ends-soon");
            assertThat(given().header("Accept-Language", "es")
                            .formParam("code", link.getString("code"))
                            .formParam("action", "complete")
                            .formParam("outcome", "got-help")
                            .formParam("note", "<script>")
                            .post(path)
                            .asString())
                    .contains("Terminado")
                    .doesNotContain("<script>");
            assertThat(country.state(need)).isEqualTo("completed");
            assertThat(act(path, link.getString("code"), "look").statusCode())
                    .as("an ended referral is nobody's any more")
                    .isEqualTo(404);

            Stated revoked = country.need(code, "FOOD", "normal", Duration.ofDays(14));
            country.awaitOffer(revoked.id());
            JsonPath second = issued(country, revoked);
            String colleague = Tokens.of("remplacante", List.of("case-worker"), country.owner);
            JsonPath listed = links(colleague, revoked);
            assertThat(listed.getList("links.linkId")).containsExactly(second.getString("linkId"));
            assertThat(listed.getMap("links[0]"))
                    .containsOnlyKeys("linkId", "offerId", "organisation", "issuedAt", "until");
            assertThat(as(providerOf(listed.getString("links[0].organisation")))
                            .get("/referrals/" + revoked.id() + "/links")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(act(page(second), second.getString("code"), "look").statusCode())
                    .isEqualTo(200);
            assertThat(links(colleague, revoked).getString("links[0].openedAt")).isNotNull();
            country.ok(colleague, revoked, "links/revocation", Map.of("linkId", listed.get("links[0].linkId")));
            assertThat(links(colleague, revoked).getString("links[0].ended")).isEqualTo("revoked");
            assertThat(act(page(second), second.getString("code"), "look").statusCode())
                    .isEqualTo(404);

            Stated guessed = country.need(code, "MEDICAL", "normal", Duration.ofDays(14));
            country.awaitOffer(guessed.id());
            JsonPath third = issued(country, guessed);
            for (int wrong = 0; wrong < 5; wrong++) {
                assertThat(act(page(third), "no", "look").statusCode()).isEqualTo(404);
            }
            assertThat(act(page(third), third.getString("code"), "look").statusCode())
                    .as("closed after five wrong codes")
                    .isEqualTo(404);
            assertThat(links(country.caseWorker(), guessed).getString("links[0].ended"))
                    .isEqualTo("wrong-codes");
            assertThat(tasks(country, guessed)).containsExactly("link-closed");
            JsonPath fourth = issued(country, guessed);
            assertThat(tasks(country, guessed)).isEmpty();

            assertThat(act(page(fourth), fourth.getString("code"), "accept").statusCode())
                    .isEqualTo(200);
            assertThat(Instant.parse(links(country.caseWorker(), guessed).getString("links[1].until")))
                    .as("the report's 14 days, and 7 to be reminded in")
                    .isAfter(Instant.now().plus(Duration.ofDays(20)));
            assertThat(Instant.parse(issued(country, guessed).getString("until")))
                    .isAfter(Instant.now().plus(Duration.ofDays(20)));
        }
    }

    /** The first one's offer expires, the second one gives the service: neither account nor link of the first touches it. */
    @Test
    void whoseOfferExpiredDoesNothingToTheServiceOfAnother() {
        try (Mechanism country = new Mechanism("XS")) {
            Provider one = country.provider("SAFE_SHELTER");
            Provider two = country.provider("SAFE_SHELTER");
            country.importDirectory();
            String code = country.newCase();
            String consent = country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "emergency", Duration.ofHours(24));
            String asked = (String) openOffer(country.awaitOffer(need.id())).get("organisation");
            Provider first = asked.equals(one.organisation()) ? one : two;
            Provider second = first == one ? two : one;
            JsonPath link = issued(country, need);
            JsonPath next = country.awaitReferral(
                    country.caseWorker(),
                    need.id(),
                    r -> second.organisation().equals(r.getString("offers.find { it.state == 'open' }?.organisation")));
            String late = Tokens.of("tard", List.of("provider"), first.organisation());
            String holder = Tokens.of("ici", List.of("provider"), second.organisation());
            country.change(late, need.id(), "claim", Map.of()).then().statusCode(409);
            country.ok(holder, need, "claim", Map.of());
            country.change(late, need.id(), "assignment", Map.of("subject", "tard", "reason", "reassigned"))
                    .then()
                    .statusCode(409);
            assertThat(claim(holder, need)).isEqualTo("mine");
            country.ok(
                    holder,
                    need,
                    "acceptance",
                    Map.of("offerId", openOffer(next).get("offerId")));

            String path = page(link);
            for (String action : List.of("first-contact", "complete")) {
                Response answer = given().formParam("code", link.getString("code"))
                        .formParam("action", action)
                        .formParam("outcome", "got-help")
                        .post(path);
                assertThat(answer.statusCode()).as(action).isEqualTo(404);
                assertThat(country.state(need)).isEqualTo("accepted");
            }
            assertThat(act(path, link.getString("code"), "look").statusCode()).isEqualTo(200);
            country.consent(code, List.of(second.organisation()), List.of("services"));
            country.withdraw(code, consent);
            await(() -> act(path, link.getString("code"), "look").statusCode() == 404);
        }
    }

    @Test
    void everyServiceHasAWordForWhoeverIsSentALink() {
        for (String language : List.of("fr", "en", "es")) {
            for (ServiceType type : ServiceType.values()) {
                assertThat(Texts.in(Locale.of(language)).say("link.service." + type))
                        .isNotBlank();
            }
        }
    }

    /** A ticket says who asks, for which case and until when, and nothing of the person. */
    private static void ticketOf(Response page, Mechanism country, String code, Stated need)
            throws java.io.IOException {
        assertThat(page.statusCode()).as(page.asString()).isEqualTo(200);
        keep("agreed", page);
        String text = page.asString();
        assertThat(text).contains("action=\"/identification/links/slice\"");
        String ticket = text.split("name=\"ticket\" value=\"")[1].split("\"")[0];
        String claims = new String(
                java.util.Base64.getUrlDecoder().decode(ticket.split("\\.")[1]),
                java.nio.charset.StandardCharsets.UTF_8);
        JsonPath said = JsonPath.from(claims);
        assertThat(said.getString("iss")).isEqualTo("passerelle/referral");
        assertThat(said.getString("aud")).isEqualTo("passerelle/identification");
        assertThat(said.getString("case")).isEqualTo(code);
        assertThat(said.getString("need")).isEqualTo(need.id());
        assertThat(said.getBoolean("authority")).isFalse();
        assertThat(said.getLong("exp") - said.getLong("iat")).isEqualTo(120);
        assertThat(said.getMap("")).hasSize(10);
    }

    private static JsonPath links(String token, Stated need) {
        Response answer = as(token).get("/referrals/" + need.id() + "/links");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer.jsonPath();
    }

    private static List<String> tasks(Mechanism country, Stated need) {
        return as(country.caseWorker())
                .get("/referrals/" + need.id())
                .jsonPath()
                .getList("tasks");
    }

    private static JsonPath issued(Mechanism country, Stated need) {
        Response answer = country.change(country.caseWorker(), need.id(), "links", Map.of());
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.jsonPath().getString("code")).matches("[0-9]{6}");
        return answer.jsonPath();
    }

    private static Response act(String path, String code, String action) {
        return given().header("Accept-Language", "fr")
                .formParam("code", code)
                .formParam("action", action)
                .post(path);
    }

    /** For people to look at. */
    private static void keep(String name, Response page) throws java.io.IOException {
        java.nio.file.Path folder = java.nio.file.Path.of("target", "link-pages");
        java.nio.file.Files.createDirectories(folder);
        java.nio.file.Files.writeString(folder.resolve(name + ".html"), page.asString());
    }

    private static String claim(String token, Stated need) {
        return as(token).get("/referrals/" + need.id()).jsonPath().getString("claim");
    }

    /** For requests that begin at the service's root. */
    private static String page(JsonPath link) {
        return link.getString("path").substring("/referral".length());
    }
}
