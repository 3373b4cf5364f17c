package org.passerelle.referral;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.coordinator;
import static org.passerelle.referral.Mechanism.openOffer;
import static org.passerelle.referral.Mechanism.providerOf;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.texts.Texts;

/** From the offer to the end, as both sides live it. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class LifeOnTheRoadTest {

    private static final String ISSUER = System.getProperty("passerelle.test.issuer");

    @Test
    void fromTheInboxToTheEnd_andNobodysDepartureStrandsIt() {
        try (Mechanism country = new Mechanism("XO")) {
            Provider legal = country.provider("LEGAL");
            country.importDirectory();
            for (String account : List.of("ana", "luis")) {
                members(legal, "", Map.of("issuer", ISSUER, "subject", account, "roles", List.of("provider")));
            }
            String ana = Tokens.of("ana", List.of("provider"), legal.organisation());
            String luis = Tokens.of("luis", List.of("provider"), legal.organisation());
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            String offer = (String) openOffer(country.awaitOffer(need.id())).get("offerId");
            assertThat(nextStep(country, need)).isEqualTo("answer");

            ok(country, ana, need, "acknowledgement", Map.of("offerId", offer));
            ok(country, ana, need, "claim", Map.of());
            assertThat(claim(ana, need)).isEqualTo("mine");
            assertThat(claim(luis, need)).isEqualTo("colleague");
            assertThat(as(country.caseWorker())
                            .get("/referrals/" + need.id())
                            .jsonPath()
                            .getString("claim"))
                    .isNull();
            country.change(luis, need.id(), "claim", Map.of()).then().statusCode(409);
            country.change(luis, need.id(), "assignment", Map.of("subject", "luis", "reason", "handed-over"))
                    .then()
                    .statusCode(409);
            ok(country, luis, need, "assignment", Map.of("subject", "luis", "reason", "absence"));
            ok(country, luis, need, "assignment", Map.of("subject", "ana", "reason", "handed-over"));
            ok(country, ana, need, "acceptance", Map.of("offerId", offer));
            assertThat(claim(ana, need)).isEqualTo("mine");
            assertThat(nextStep(country, need)).isEqualTo("first-contact");

            members(legal, "/removal", Map.of("issuer", ISSUER, "subject", "ana"));
            await(() -> "nobody".equals(claim(luis, need)));
            country.change(luis, need.id(), "assignment", Map.of("subject", "ana", "reason", "reassigned"))
                    .then()
                    .statusCode(422);
            ok(country, luis, need, "claim", Map.of());
            ok(country, luis, need, "claim/return", Map.of());
            assertThat(claim(luis, need)).isEqualTo("nobody");

            country.change(providerOf(UUID.randomUUID().toString()), need.id(), "first-contact", Map.of())
                    .then()
                    .statusCode(404);
            ok(country, luis, need, "first-contact", Map.of());
            assertThat(nextStep(country, need)).isEqualTo("report");
            ok(country, luis, need, "pause", Map.of("reason", "awaiting-document", "note", "pas de nom"));
            assertThat(state(country, need)).isEqualTo("on-hold");
            assertThat(nextStep(country, need)).isEqualTo("resumption");
            ok(country, country.caseWorker(), need, "resumption", Map.of());
            assertThat(state(country, need)).isEqualTo("in-progress");
            ok(country, luis, need, "completion", Map.of("outcome", "could-not-get-help"));
            JsonPath ended =
                    as(country.caseWorker()).get("/referrals/" + need.id()).jsonPath();
            assertThat(ended.getString("state")).isEqualTo("failed");
            assertThat(ended.getString("nextStep")).isNull();
            assertThat(ended.getString("offers[0].acknowledgedAt")).isNotNull();
            country.change(luis, need.id(), "pause", Map.of("reason", "other"))
                    .then()
                    .statusCode(org.hamcrest.Matchers.greaterThanOrEqualTo(404));
        }
    }

    @Test
    void whoHelpsAlreadyAndAnswersComesFirst_andTheDecisionSaysByWhatWeights() {
        try (Mechanism country = new Mechanism("YA")) {
            country.provider("MHPSS");
            country.provider("MHPSS");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated first = country.need(code, "MHPSS", "normal", Duration.ofDays(14));
            Map<String, Object> declined = openOffer(country.awaitOffer(first.id()));
            String busy = (String) declined.get("organisation");
            ok(
                    country,
                    providerOf(busy),
                    first,
                    "decline",
                    Map.of("offerId", declined.get("offerId"), "reason", "no-capacity"));
            Map<String, Object> accepted = openOffer(country.awaitReferral(
                    country.caseWorker(),
                    first.id(),
                    r -> openOffer(r) != null
                            && !openOffer(r).get("organisation").equals(busy)));
            String helping = (String) accepted.get("organisation");
            ok(country, providerOf(helping), first, "acceptance", Map.of("offerId", accepted.get("offerId")));

            Stated second = country.need(code, "MHPSS", "normal", Duration.ofDays(14));
            assertThat(openOffer(country.awaitOffer(second.id()))).containsEntry("organisation", helping);
            JsonPath decision = as(country.caseWorker())
                    .get("/referrals/" + second.id() + "/routing")
                    .jsonPath();
            assertThat(decision.getList("decisions[0].kept.organisation")).containsExactly(helping, busy);
            assertThat(decision.getString("decisions[0].kept[0].explanation"))
                    .contains(
                            "aide déjà cette personne", "sollicité 1 fois, a répondu à temps 1 fois et accepté 1 fois");
            assertThat(decision.getInt("decisions[0].kept[0].got.continuity")).isEqualTo(1000);
            assertThat(decision.getInt("decisions[0].kept[1].got.continuity")).isZero();
            assertThat(decision.getInt("decisions[0].weights.version")).isEqualTo(2);
            assertThat(decision.getInt("decisions[0].weights.weights.continuity"))
                    .isEqualTo(90);

            JsonPath would = as(country.caseWorker())
                    .body(Map.of("service", "MHPSS", "place", country.place, "age", 19, "sex", "Feminine"))
                    .post("/routing/what-ifs")
                    .jsonPath();
            assertThat(would.getMap("weights")).isEqualTo(decision.getMap("decisions[0].weights"));
            assertThat(would.getInt("kept.find { it.organisation == '" + busy + "' }.points"))
                    .as("the same of whoever is nobody's helper, less what is open since")
                    .isEqualTo(decision.getInt("decisions[0].kept[1].points"));
        }
    }

    @Test
    void medicalComesBeforeShelter_andMotherAndChildGoToOneShelter_unlessAPersonPartsThem() {
        try (Mechanism country = new Mechanism("YB")) {
            Provider clinic = country.provider("MEDICAL");
            country.provider("SAFE_SHELTER");
            country.provider("SAFE_SHELTER");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            String all = UUID.randomUUID().toString();
            String medical = UUID.randomUUID().toString();
            String mother = UUID.randomUUID().toString();
            String child = UUID.randomUUID().toString();
            List<Map<String, String>> after = List.of(Map.of("needId", medical, "until", "begun"));
            Duration clock = Duration.ofDays(14);
            Stated first = country.need(code, medical, "MEDICAL", "normal", clock, leg(all, List.of(), List.of()));
            Stated second =
                    country.need(code, mother, "SAFE_SHELTER", "normal", clock, leg(all, after, List.of(child)));
            Stated third = country.need(code, child, "SAFE_SHELTER", "normal", clock, leg(all, after, List.of(mother)));

            JsonPath offered = country.awaitOffer(medical);
            assertThat(offered.getString("packageId")).isEqualTo(all);
            JsonPath waiting = awaitPackage(
                    country,
                    all,
                    p -> List.of(medical).equals(p.getList("legs[1].waitsFor"))
                            && List.of(medical).equals(p.getList("legs[2].waitsFor")));
            assertThat(waiting.getString("legs[1].referral.nextStep.step")).isEqualTo("other-need");
            assertThat(waiting.getString("legs[1].referral.nextStep.of")).isEqualTo(country.owner);
            assertThat(as(coordinator()).get("/packages/" + all).statusCode()).isEqualTo(200);
            assertThat(as(providerOf(clinic.organisation()))
                            .get("/packages/" + all)
                            .statusCode())
                    .isIn(403, 404);

            ok(
                    country,
                    providerOf(clinic.organisation()),
                    first,
                    "acceptance",
                    Map.of("offerId", openOffer(offered).get("offerId")));
            ok(country, providerOf(clinic.organisation()), first, "first-contact", Map.of());
            Map<String, Object> declined = openOffer(country.awaitOffer(mother));
            String full = (String) declined.get("organisation");
            assertThat(openOffer(country.awaitOffer(child))).containsEntry("organisation", full);

            ok(
                    country,
                    providerOf(full),
                    second,
                    "decline",
                    Map.of("offerId", declined.get("offerId"), "reason", "no-capacity"));
            JsonPath moved = awaitPackage(
                    country,
                    all,
                    p -> offerOf(p, 1) != null
                            && offerOf(p, 2) != null
                            && !offerOf(p, 2).get("organisation").equals(full));
            assertThat(offerOf(moved, 2).get("organisation"))
                    .isEqualTo(offerOf(moved, 1).get("organisation"));

            country.change(
                            country.caseWorker(),
                            child,
                            "choice",
                            Map.of("serviceId", declined.get("serviceId"), "reason", "apart-is-better"))
                    .then()
                    .statusCode(200);
            JsonPath parted = awaitPackage(country, all, p -> p.getBoolean("legs[2].apart"));
            assertThat(offerOf(parted, 2)).containsEntry("organisation", full);
            assertThat(offerOf(parted, 1).get("organisation")).isNotEqualTo(full);
            assertThat(third.id()).isEqualTo(child);
        }
    }

    private static Map<String, Object> leg(String all, List<Map<String, String>> after, List<String> together) {
        return Map.of("packageId", all, "after", after, "together", together);
    }

    private static Map<String, Object> offerOf(JsonPath view, int leg) {
        return view.getMap("legs[" + leg + "].referral.offers.find { it.state == 'open' }");
    }

    private static JsonPath awaitPackage(Mechanism country, String id, Predicate<JsonPath> shows) {
        await(() -> {
            var answer = as(country.caseWorker()).get("/packages/" + id);
            return answer.statusCode() == 200
                    && answer.jsonPath().getList("legs").size() == 3
                    && shows.test(answer.jsonPath());
        });
        return as(country.caseWorker()).get("/packages/" + id).jsonPath();
    }

    @Test
    void whoDoesNotAnswerIsRemindedAndAStepThatNobodyTakesClimbs() {
        try (Mechanism country = new Mechanism("XP")) {
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "emergency", Duration.ofHours(24));
            // 6, then 6 and 12 seconds: reminder, supervisor
            JsonPath climbed = country.awaitReferral(
                    country.caseWorker(), need.id(), r -> "supervisor".equals(r.getString("nextStep.told")));
            assertThat(climbed.getString("nextStep.step")).isEqualTo("service");
            assertThat(climbed.getString("nextStep.of")).isEqualTo(country.owner);
            assertThat(as(coordinator())
                            .get("/referrals?role=all&told=supervisor&limit=200")
                            .jsonPath()
                            .getList("referrals.referralId"))
                    .contains(need.id());
            assertThat(as(coordinator()).get("/referrals?role=all&told=nobody").statusCode())
                    .isEqualTo(422);
        }
    }

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
                    .contains(country.place, "18-20", "aide juridique", "Accepter", "Décliner")
                    .doesNotContain(code, "Feminine", need.id(), country.owner);
            keep("summary", summary);
            assertThat(act(path, link.getString("code"), "accept").asString()).contains("La personne a été rencontrée");
            assertThat(state(country, need)).isEqualTo("accepted");
            keep("accepted", act(path, link.getString("code"), "accept"));
            ticketOf(act(path, link.getString("code"), "agreed"), country, code, need);
            act(path, link.getString("code"), "first-contact");
            assertThat(state(country, need)).isEqualTo("in-progress");
            assertThat(given().header("Accept-Language", "es")
                            .formParam("code", link.getString("code"))
                            .formParam("action", "complete")
                            .formParam("outcome", "got-help")
                            .formParam("note", "<script>")
                            .post(path)
                            .asString())
                    .contains("Terminado")
                    .doesNotContain("<script>");
            assertThat(state(country, need)).isEqualTo("completed");
            assertThat(act(path, link.getString("code"), "look").statusCode())
                    .as("an ended referral is nobody's any more")
                    .isEqualTo(404);

            Stated revoked = country.need(code, "FOOD", "normal", Duration.ofDays(14));
            country.awaitOffer(revoked.id());
            JsonPath second = issued(country, revoked);
            ok(country, country.caseWorker(), revoked, "links/revocation", Map.of("linkId", second.get("linkId")));
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
            ok(country, holder, need, "claim", Map.of());
            country.change(late, need.id(), "assignment", Map.of("subject", "tard", "reason", "reassigned"))
                    .then()
                    .statusCode(409);
            assertThat(claim(holder, need)).isEqualTo("mine");
            ok(
                    country,
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
                assertThat(state(country, need)).isEqualTo("accepted");
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

    private static void members(Provider provider, String what, Map<String, ?> body) {
        as(coordinator())
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post("/directory/organisations/" + provider.organisation() + "/members" + what)
                .then()
                .statusCode(200);
    }

    @Test
    void whoeverCannotGoOnPassesTheReferralOn_andKeepsOnlyTheirOwnRecord() {
        try (Mechanism country = new Mechanism("QU")) {
            Provider first = country.provider("SAFE_SHELTER", beds(2), Map.of("organization_type", "NGO"));
            Provider second = country.provider("SAFE_SHELTER", beds(1), Map.of("organization_type", "NGO"));
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "normal", Duration.ofDays(14));
            JsonPath asked = country.awaitOffer(need.id());
            assertThat(openOffer(asked).get("organisation")).isEqualTo(first.organisation());
            String provider = providerOf(first.organisation());
            ok(
                    country,
                    provider,
                    need,
                    "acceptance",
                    Map.of("offerId", openOffer(asked).get("offerId")));
            ok(country, provider, need, "first-contact", Map.of());
            country.change(providerOf(second.organisation()), need.id(), "transfer", Map.of("reason", "other"))
                    .then()
                    .statusCode(404);
            ok(country, provider, need, "transfer", Map.of("reason", "not-safe-here", "note", "pas de nom"));
            JsonPath next = country.awaitOffer(need.id());
            assertThat(openOffer(next).get("organisation")).isEqualTo(second.organisation());
            assertThat(next.getString("dueAt")).isEqualTo(asked.getString("dueAt"));
            assertThat(nextStep(country, need)).isEqualTo("answer");
            assertThat(as(provider)
                            .get("/directory/services/" + first.service() + "/capacity")
                            .jsonPath()
                            .getInt("free"))
                    .isEqualTo(2);
            country.change(provider, need.id(), "pause", Map.of("reason", "other"))
                    .then()
                    .statusCode(404);
            ok(
                    country,
                    providerOf(second.organisation()),
                    need,
                    "acceptance",
                    Map.of("offerId", openOffer(next).get("offerId")));
            ok(country, country.caseWorker(), need, "transfer", Map.of("reason", "no-longer-able"));
            assertThat(state(country, need)).isEqualTo("gap");
            ok(country, country.caseWorker(), need, "cancellation", Map.of("reason", "no-service"));
            assertThat(state(country, need)).isEqualTo("cancelled");
        }
    }

    private static Map<String, Object> beds(int free) {
        return Map.of(
                "capacities",
                List.of(Map.of(
                        "unit",
                        "bed",
                        "available",
                        free,
                        "maximum",
                        free,
                        "updated",
                        java.time.Instant.now().toString())));
    }

    @Test
    void aProviderSendsThePersonBackAndOnward_andTheSenderAnswers() {
        try (Mechanism country = new Mechanism("QP")) {
            Provider shelter = country.provider("SAFE_SHELTER");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "normal", Duration.ofDays(14));
            Map<String, Object> onward =
                    Map.of("kind", "onward-referral", "needs", List.of("MHPSS"), "urgency", "urgent");
            String provider = providerOf(shelter.organisation());
            String offer = (String) openOffer(country.awaitOffer(need.id())).get("offerId");
            propose(provider, need, onward).then().statusCode(404);
            ok(country, provider, need, "acceptance", Map.of("offerId", offer));
            String second = propose(provider, need, onward)
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("proposalId");
            ok(country, provider, need, "completion", Map.of("outcome", "got-help"));
            String back = propose(
                            provider,
                            need,
                            Map.of("kind", "counter-referral", "needs", List.of(), "outcome", "got-help"))
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("proposalId");
            propose(country.caseWorker(), need, onward).then().statusCode(403);

            assertThat(proposals(country.caseWorker(), "open=true")).containsExactly(second, back);
            answer(provider, second, Map.of("answer", "agreed")).then().statusCode(403);
            answer(country.caseWorker(), back, Map.of("answer", "acknowledged"))
                    .then()
                    .statusCode(200);
            answer(country.caseWorker(), second, Map.of("answer", "refused"))
                    .then()
                    .statusCode(422);
            answer(country.caseWorker(), second, Map.of("answer", "agreed"))
                    .then()
                    .statusCode(200);
            assertThat(proposals(country.caseWorker(), "open=true")).isEmpty();
            assertThat(proposals(provider, "side=by")).containsExactly(second, back);
            assertThat(proposals(providerOf(UUID.randomUUID().toString()), "open=false"))
                    .isEmpty();
        }
    }

    private static Response propose(String token, Stated need, Map<String, ?> body) {
        return as(token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post("/referrals/" + need.id() + "/proposals");
    }

    private static Response answer(String token, String proposal, Map<String, ?> body) {
        return as(token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post("/proposals/" + proposal + "/answer");
    }

    private static List<String> proposals(String token, String query) {
        return as(token).get("/proposals?" + query).jsonPath().getList("proposals.proposalId");
    }

    @Test
    void whatTheLawHasReported_goesToThePolice_whoSayWhatBecomesOfIt() {
        try (Mechanism country = new Mechanism("XY")) {
            Provider police = country.provider("POLICE", Map.of(), Map.of("organization_type", "LawEnforcement"));
            country.importDirectory();
            String officer = Tokens.of("inspectora", List.of("police-investigator"), police.organisation());
            String code = country.newCase();
            Stated asked = country.need(code, "POLICE", "normal", Duration.ofDays(14));
            country.awaitReferral(
                    country.caseWorker(),
                    asked.id(),
                    referral -> referral.getList("tasks").contains("no-consent"));
            Stated need = country.reported(code, "POLICE", "normal", Duration.ofDays(14), "EC 2026-11-1");
            String offer = (String) openOffer(country.awaitOffer(need.id())).get("offerId");
            assertThat(investigation(country.caseWorker(), need, "", Map.of("step", "prosecution")))
                    .isEqualTo(403);
            ok(country, officer, need, "acceptance", Map.of("offerId", offer));
            assertThat(states(country.caseWorker())).containsEntry(need.id(), "unanswered");
            assertThat(states(officer)).isEqualTo(Map.of(need.id(), "unanswered"));

            assertThat(investigation(officer, need, "", Map.of("step", "prosecution")))
                    .isEqualTo(409);
            assertThat(investigation(officer, need, "", Map.of("step", "investigation", "forms", List.of("Servitude"))))
                    .isEqualTo(200);
            Map<String, Object> list = Map.of(
                    "list",
                    UUID.randomUUID().toString(),
                    "items",
                    List.of(Map.of("kind", "medical-certificate", "count", 1)));
            assertThat(investigation(country.caseWorker(), need, "/evidence", list))
                    .isEqualTo(200);
            assertThat(investigation(officer, need, "/evidence/receipt", Map.of("list", list.get("list"))))
                    .isEqualTo(200);
            assertThat(investigation(officer, need, "", Map.of("step", "prosecution")))
                    .isEqualTo(200);
            ok(country, officer, need, "completion", Map.of("outcome", "got-help"));
            assertThat(investigation(officer, need, "", Map.of("step", "conviction")))
                    .isEqualTo(200);

            JsonPath told = as(country.caseWorker())
                    .get("/referrals/" + need.id() + "/investigation")
                    .jsonPath();
            assertThat(told.getList("reports.step")).containsExactly("investigation", "prosecution", "conviction");
            assertThat(told.getList("reports[0].forms")).containsExactly("Servitude");
            assertThat(told.getString("reportedUnder")).isEqualTo("EC 2026-11-1");
            assertThat(told.getString("evidence[0].receivedAt")).isNotNull();
            assertThat(states(country.caseWorker())).containsEntry(need.id(), "conviction");

            Map<String, Object> back = Map.of("kind", "counter-referral", "needs", List.of(), "outcome", "got-help");
            String proposal = propose(officer, need, back)
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("proposalId");
            assertThat(proposals(officer, "side=by")).containsExactly(proposal);

            // from now on the police know of nothing, and are told nothing
            String withheld = country.withholdFromAuthorities(code);
            await(() -> as(officer)
                            .get("/referrals/" + need.id() + "/investigation")
                            .statusCode()
                    == 404);
            Map<String, Object> more = new java.util.HashMap<>(list);
            more.put("list", UUID.randomUUID().toString());
            assertThat(investigation(country.caseWorker(), need, "/evidence", more))
                    .isEqualTo(409);
            assertThat(states(officer)).isEmpty();
            assertThat(proposals(officer, "side=by")).isEmpty();
            propose(officer, need, back).then().statusCode(404);
            assertThat(as(officer).get("/referrals/" + need.id()).statusCode()).isEqualTo(404);
            assertThat(as(country.caseWorker())
                            .get("/referrals/" + need.id() + "/investigation")
                            .statusCode())
                    .isEqualTo(200);

            // withdrawn it still lasts, and a consent to a hand-over is another matter
            country.withdraw(code, withheld);
            String fearedToo = UUID.randomUUID().toString();
            country.consent(code, List.of(), List.of("cross-border"), null, List.of(fearedToo));
            String elsewhere = Tokens.of("coordination-2", List.of("coordinator"), fearedToo);
            await(() -> as(elsewhere).get("/referrals/" + need.id()).statusCode() == 404);
            assertThat(as(officer).get("/referrals/" + need.id()).statusCode()).isEqualTo(404);
            assertThat(states(officer)).isEmpty();
        }
    }

    @Test
    void aForceThatItIsPassedOnToBeginsAnew_andWhatCouldNotBeHeardIsReportedToNone() {
        try (Mechanism country = new Mechanism("YC")) {
            country.provider("POLICE", Map.of(), Map.of("organization_type", "LawEnforcement"));
            country.provider("POLICE", Map.of(), Map.of("organization_type", "LawEnforcement"));
            country.importDirectory();
            Stated need = country.reported(country.newCase(), "POLICE", "normal", Duration.ofDays(14), "EC 2026-11-1");
            Map<String, ?> refused = Map.of("step", "refused", "reason", "other");
            String first = accepting(country, need);
            assertThat(investigation(first, need, "", refused)).isEqualTo(200);
            ok(country, first, need, "transfer", Map.of("reason", "no-longer-able"));
            String second = accepting(country, need);
            assertThat(second).isNotEqualTo(first);
            assertThat(states(second)).isEqualTo(Map.of(need.id(), "unanswered"));
            assertThat(states(first)).isEmpty();
            assertThat(reports(second, need)).isEmpty();
            assertThat(investigation(second, need, "", refused)).isEqualTo(200);
            assertThat(states(country.caseWorker())).isEqualTo(Map.of(need.id(), "refused"));
            assertThat(reports(second, need)).hasSize(1);
            assertThat(reports(country.caseWorker(), need)).hasSize(2);

            Stated unheard =
                    country.reported(country.newCase(), "POLICE", "normal", Duration.ofDays(14), "EC 2026-11-1");
            accepting(country, unheard);
            country.unreadableConsent(unheard.caseCode());
            await(() -> as(Tokens.of("operator-1", List.of("operator"), null))
                    .get("/operations/parked")
                    .asString()
                    .contains(unheard.caseCode()));
            ok(country, country.caseWorker(), unheard, "transfer", Map.of("reason", "no-longer-able"));
            JsonPath waits =
                    as(country.caseWorker()).get("/referrals/" + unheard.id()).jsonPath();
            assertThat(waits.getList("offers.state")).doesNotContain("open");
            assertThat(waits.getString("state")).isNotEqualTo("offered");
        }
    }

    /** An officer of the force that is asked now, which has accepted. */
    private static String accepting(Mechanism country, Stated need) {
        Map<String, Object> offer = openOffer(country.awaitOffer(need.id()));
        String officer = Tokens.of(
                "inspectora",
                List.of("police-investigator"),
                offer.get("organisation").toString());
        ok(country, officer, need, "acceptance", Map.of("offerId", offer.get("offerId")));
        return officer;
    }

    private static List<Object> reports(String token, Stated need) {
        return as(token)
                .get("/referrals/" + need.id() + "/investigation")
                .jsonPath()
                .getList("reports");
    }

    private static int investigation(String token, Stated need, String what, Map<String, ?> body) {
        return as(token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post("/referrals/" + need.id() + "/investigation" + what)
                .statusCode();
    }

    private static Map<String, String> states(String token) {
        List<Map<String, Object>> lines =
                as(token).get("/investigations").jsonPath().getList("investigations");
        Map<String, String> states = new java.util.TreeMap<>();
        lines.forEach(line ->
                states.put(line.get("referralId").toString(), line.get("state").toString()));
        return states;
    }

    private static void ok(Mechanism country, String token, Stated need, String what, Map<String, ?> body) {
        var answer = country.change(token, need.id(), what, body);
        assertThat(answer.statusCode()).as(what + " " + answer.asString()).isEqualTo(200);
    }

    private static String claim(String token, Stated need) {
        return as(token).get("/referrals/" + need.id()).jsonPath().getString("claim");
    }

    private static String state(Mechanism country, Stated need) {
        return as(country.caseWorker())
                .get("/referrals/" + need.id())
                .jsonPath()
                .getString("state");
    }

    private static String nextStep(Mechanism country, Stated need) {
        return as(country.caseWorker())
                .get("/referrals/" + need.id())
                .jsonPath()
                .getString("nextStep.step");
    }

    /** For requests that begin at the service's root. */
    private static String page(JsonPath link) {
        return link.getString("path").substring("/referral".length());
    }

    private static void await(java.util.function.BooleanSupplier holds) {
        java.time.Instant end = java.time.Instant.now().plus(Mechanism.PATIENCE);
        while (!holds.getAsBoolean()) {
            assertThat(java.time.Instant.now()).isBefore(end);
            Mechanism.pause();
        }
    }
}
