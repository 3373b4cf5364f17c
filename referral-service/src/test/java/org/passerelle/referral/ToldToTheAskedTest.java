package org.passerelle.referral;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.await;
import static org.passerelle.referral.Mechanism.coordinator;
import static org.passerelle.referral.Mechanism.openOffer;
import static org.passerelle.referral.Mechanism.providerOf;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** Before it says yes a service learns what it must be able to offer: those circumstances that it has a rule for itself. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
@Tag("directory")
class ToldToTheAskedTest {

    private static final List<String> SAID = List.of("irregular", "pregnant");

    /** @param terms of each a taxonomy, an equals sign and a code */
    private static Provider shelter(Mechanism country, @Nullable String organisationType, String... terms) {
        return country.provider(
                "SAFE_SHELTER",
                Map.of(
                        "attributes",
                        Arrays.stream(terms)
                                .map(term -> Map.of(
                                        "taxonomy_term",
                                        Map.of(
                                                "taxonomy",
                                                "passerelle-" + term.split("=")[0],
                                                "code",
                                                term.split("=")[1])))
                                .toList()),
                organisationType == null ? Map.of() : Map.of("organization_type", organisationType));
    }

    /** A pregnant woman without papers, who agreed to nobody but this organisation. */
    private static Stated offeredTo(Mechanism country, Provider provider) {
        String code = country.newCase();
        country.consent(code, List.of(provider.organisation()), List.of("services", "authorities"));
        Stated need = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3), SAID);
        assertThat(openOffer(country.awaitOffer(need.id())).get("organisation")).isEqualTo(provider.organisation());
        return need;
    }

    private static List<String> told(String token, Stated need) {
        JsonPath one = as(token)
                .get("/referrals/" + need.id())
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        return one.getList("circumstances");
    }

    private static List<String> inInbox(String token, Stated need) {
        JsonPath page = as(token)
                .get("/referrals?role=inbox")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertThat(page.getList("referrals.referralId", String.class)).contains(need.id());
        return page.getList("referrals.find { it.referralId == '" + need.id() + "' }.circumstances");
    }

    @Test
    void whoIsAskedLearnsTheCircumstancesThatItsOwnServiceHasARuleFor_andNobodyElseLearnsAny() {
        try (Mechanism country = new Mechanism("QW")) {
            Provider prepared = shelter(country, "NGO", "admits=pregnant", "admits=disability");
            Provider silent = shelter(country, "NGO");
            country.importDirectory();

            Stated need = offeredTo(country, prepared);
            assertThat(told(providerOf(prepared.organisation()), need)).containsExactly("pregnant");
            assertThat(inInbox(providerOf(prepared.organisation()), need)).containsExactly("pregnant");
            assertThat(told(Tokens.of("systeme", List.of("partner-system"), prepared.organisation()), need))
                    .containsExactly("pregnant");
            for (String other : List.of(country.caseWorker(), coordinator())) {
                assertThat(told(other, need)).isNull();
            }
            as(providerOf(silent.organisation()))
                    .get("/referrals/" + need.id())
                    .then()
                    .statusCode(404);

            Stated second = offeredTo(country, silent);
            assertThat(told(providerOf(silent.organisation()), second))
                    .as("it has no rule for anything")
                    .isNull();
            assertThat(inInbox(providerOf(silent.organisation()), second)).isNull();

            Object offer = openOffer(as(providerOf(prepared.organisation()))
                            .get("/referrals/" + need.id())
                            .jsonPath())
                    .get("offerId");
            assertThat(country.change(
                                    providerOf(prepared.organisation()),
                                    need.id(),
                                    "acceptance",
                                    Map.of("offerId", offer))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(told(providerOf(prepared.organisation()), need))
                    .as("who gives the service reads the agreed slice")
                    .isNull();
        }
    }

    @Test
    void whoeverChoseAServiceInSpiteOfItsRuleHasItToldWhy() {
        try (Mechanism country = new Mechanism("QZ")) {
            Provider refusing = shelter(country, "NGO", "excludes=irregular");
            Provider other = shelter(country, "NGO");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "urgent", Duration.ofDays(3), SAID);
            assertThat(openOffer(country.awaitOffer(need.id())).get("organisation"))
                    .isEqualTo(other.organisation());
            assertThat(country.change(
                                    country.caseWorker(),
                                    need.id(),
                                    "choice",
                                    Map.of("serviceId", refusing.service(), "reason", "person-asked"))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(told(providerOf(refusing.organisation()), need)).containsExactly("irregular");
        }
    }

    @Test
    void anAuthorityLearnsNone_norWhoMayBeOne() {
        try (Mechanism country = new Mechanism("QG")) {
            Provider police = shelter(country, "LawEnforcement", "admits=irregular", "admits=pregnant");
            Provider immigration = shelter(country, "ImmigrationService", "admits=irregular");
            Provider nobodyKnows = shelter(country, null, "admits=irregular");
            Provider prepared = shelter(country, "NGO", "admits=irregular");
            country.importDirectory();
            for (Provider one : List.of(police, immigration, nobodyKnows)) {
                Stated need = offeredTo(country, one);
                assertThat(told(providerOf(one.organisation()), need)).isNull();
                assertThat(inInbox(providerOf(one.organisation()), need)).isNull();
            }
            Stated need = offeredTo(country, prepared);
            assertThat(told(
                            Tokens.of("enquete", List.of("provider", "police-investigator"), prepared.organisation()),
                            need))
                    .as("an account of police, whatever the directory says of its organisation")
                    .isNull();
            assertThat(told(providerOf(prepared.organisation()), need)).containsExactly("irregular");
        }
    }

    @Test
    void aLinkTellsTheSame_onlyBehindItsCode() {
        try (Mechanism country = new Mechanism("QF")) {
            Provider prepared = shelter(country, "NGO", "admits=pregnant");
            country.importDirectory();
            Stated need = offeredTo(country, prepared);
            JsonPath link = link(country, need);
            String path = link.getString("path").substring("/referral".length());
            assertThat(given().header("Accept-Language", "fr").get(path).asString())
                    .doesNotContain("enceinte");
            assertThat(act(path, link.getString("code"), "look", "fr"))
                    .contains("Situations que ce service précise", "enceinte")
                    .doesNotContain("irrégulier");
            assertThat(act(path, link.getString("code"), "look", "es")).contains("embarazada");
            assertThat(act(path, link.getString("code"), "look", "en")).contains("pregnant");
            assertThat(act(path, link.getString("code"), "accept", "fr"))
                    .contains("La personne a été rencontrée")
                    .doesNotContain("enceinte");
        }
    }

    @Test
    void aLinkTellsNothingOfWhatTheOrganisationIsAskedAfterItsOfferExpired() {
        try (Mechanism country = new Mechanism("QB")) {
            Provider prepared = shelter(country, "NGO", "admits=pregnant");
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, List.of(prepared.organisation()), List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "emergency", Duration.ofDays(1), SAID);
            country.awaitOffer(need.id());
            JsonPath link = link(country, need);
            String path = link.getString("path").substring("/referral".length());
            assertThat(act(path, link.getString("code"), "look", "fr")).contains("enceinte");
            country.awaitReferral(
                    country.caseWorker(),
                    need.id(),
                    referral -> referral.getList("offers.state").equals(List.of("expired")));
            assertThat(country.change(
                                    country.caseWorker(),
                                    need.id(),
                                    "choice",
                                    Map.of("serviceId", prepared.service(), "reason", "person-asked"))
                            .statusCode())
                    .isEqualTo(200);
            String old = act(path, link.getString("code"), "look", "fr");
            assertThat(told(providerOf(prepared.organisation()), need))
                    .as("the new offer is open all the while")
                    .containsExactly("pregnant");
            assertThat(old).doesNotContain("enceinte");
        }
    }

    /** Perhaps it is from this very organisation that the person withholds the case: the offer was not taken back. */
    @Test
    void whileSomethingThatThePersonSaidCannotBeHeardWhoIsAskedReadsNothing_byNoneOfTheDoors() {
        try (Mechanism country = new Mechanism("QJ")) {
            Provider prepared = shelter(country, "NGO", "admits=pregnant");
            country.importDirectory();
            String token = providerOf(prepared.organisation());
            Stated need = offeredTo(country, prepared);
            Stated other = offeredTo(country, prepared);
            JsonPath link = link(country, need);
            String path = link.getString("path").substring("/referral".length());
            assertThat(inInbox(token, need)).containsExactly("pregnant");
            Object offer = openOffer(as(token).get("/referrals/" + need.id()).jsonPath())
                    .get("offerId");

            country.unreadableConsent(need.caseCode());
            await(() -> as(token).get("/referrals/" + need.id()).statusCode() == 404);
            assertThat(openOffer(as(country.caseWorker())
                                    .get("/referrals/" + need.id())
                                    .jsonPath())
                            .get("offerId"))
                    .as("it is still open")
                    .isEqualTo(offer);
            assertThat(inbox(token)).contains(other.id()).doesNotContain(need.id());
            for (String action : List.of("look", "accept")) {
                assertThat(answered(path, link.getString("code"), action, "fr").statusCode())
                        .isEqualTo(404);
            }
            assertThat(country.change(token, need.id(), "acceptance", Map.of("offerId", offer))
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    /** As GET of the one referral decides. */
    @Test
    void anAccountOfPoliceFindsNothingInItsInboxThatIsWithheldFromAuthorities() {
        try (Mechanism country = new Mechanism("QM")) {
            Provider prepared = shelter(country, "NGO", "admits=pregnant");
            country.importDirectory();
            Stated need = offeredTo(country, prepared);
            String police = Tokens.of("enquete", List.of("provider", "police-investigator"), prepared.organisation());
            assertThat(inbox(police)).contains(need.id());
            country.withholdFromAuthorities(need.caseCode());
            await(() -> as(police).get("/referrals/" + need.id()).statusCode() == 404);
            assertThat(inbox(providerOf(prepared.organisation())))
                    .as("the others of its organisation are asked as before")
                    .contains(need.id());
            assertThat(inbox(police)).doesNotContain(need.id());
        }
    }

    private static List<String> inbox(String token) {
        return as(token).get("/referrals?role=inbox").jsonPath().getList("referrals.referralId", String.class);
    }

    private static JsonPath link(Mechanism country, Stated need) {
        return country.change(country.caseWorker(), need.id(), "links", Map.of())
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static String act(String path, String code, String action, String language) {
        Response page = answered(path, code, action, language);
        assertThat(page.statusCode()).as(page.asString()).isEqualTo(200);
        return page.asString();
    }

    private static Response answered(String path, String code, String action, String language) {
        return given().header("Accept-Language", language)
                .formParam("code", code)
                .formParam("action", action)
                .post(path);
    }
}
