package org.passerelle.referral;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.coordinator;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;

/** Who gives a service by a link says on its page what the service can take; of that service, while the link opens. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
class LinkPlacesOnTheRoadTest {

    @Inject
    Pool pool;

    private final Mechanism country = new Mechanism("YE");

    @AfterEach
    void close() {
        country.close();
    }

    @Test
    void oneClickSaysThatTheServiceIsFull_andANumberWhatIsLeft() throws IOException {
        Provider legal =
                country.provider("LEGAL", Map.of("capacities", List.of(capacity("rendez-vous", 3, 12))), Map.of());
        Provider other =
                country.also(legal.organisation(), "FOOD", Map.of("capacities", List.of(capacity("panier", 5, 9))));
        country.importDirectory();
        Stated need = need("LEGAL");
        JsonPath link = issued(need);
        assertThat(act(link, Map.of("action", "full")).statusCode())
                .as("before it is accepted it is not theirs to say")
                .isEqualTo(404);
        assertThat(act(link, Map.of("action", "look")).asString()).doesNotContain("Places libres");
        Response accepted = act(link, Map.of("action", "accept"));
        assertThat(accepted.asString()).contains("Places libres de ce service", "rendez-vous 3/12", "Complet");
        Files.createDirectories(Path.of("target", "link-pages"));
        Files.writeString(Path.of("target", "link-pages", "places.html"), accepted.asString());
        assertThat(available(legal)).containsExactly(3);

        Response full = act(link, Map.of("action", "full"));
        assertThat(full.statusCode()).isEqualTo(200);
        assertThat(full.asString()).contains("Merci", "rendez-vous 0/12");
        assertThat(available(legal)).containsExactly(0);
        long version = version(legal);
        assertThat(act(link, Map.of("action", "full")).asString()).contains("Merci");
        assertThat(version(legal)).as("a repeat says nothing new").isEqualTo(version);
        assertThat(by(legal)).as("is said to be said by the link").contains("\"link\"", link.getString("linkId"));

        for (String wrong : List.of("-1", "13", "x", "", "1000000", "2.5")) {
            Response asked = act(link, Map.of("action", "places", "unit", "rendez-vous", "places", wrong));
            assertThat(asked.statusCode()).as(wrong).isEqualTo(422);
            assertThat(asked.asString()).contains("role=\"alert\"", "un nombre entier à partir de 0");
        }
        assertThat(act(link, Map.of("action", "places", "unit", "panier", "places", "1"))
                        .statusCode())
                .isEqualTo(422);
        assertThat(available(legal)).containsExactly(0);
        for (String language : List.of("fr", "en", "es")) {
            assertThat(given().header("Accept-Language", language)
                            .formParams(Map.of("code", link.getString("code"), "action", "places", "places", " 2 "))
                            .post(page(link))
                            .asString())
                    .contains("rendez-vous 2/12");
        }
        assertThat(available(legal)).containsExactly(2);
        assertThat(available(other)).containsExactly(5);

        assertThat(act(Map.of("code", "000000x", "action", "full"), link).statusCode())
                .isEqualTo(404);
        country.ok(country.caseWorker(), need, "links/revocation", Map.of("linkId", link.getString("linkId")));
        assertThat(act(link, Map.of("action", "full")).statusCode()).isEqualTo(404);
        assertThat(available(legal)).containsExactly(2);
    }

    @Test
    void ofSeveralThingsEachIsSaid_andFullIsAllOfThem_untilTheServiceIsOver() {
        Provider shelter = country.provider(
                "SAFE_SHELTER",
                Map.of("capacities", List.of(capacity("lit", 3, 12), capacity("<famille>", 1, 2))),
                Map.of());
        country.importDirectory();
        Stated need = need("SAFE_SHELTER");
        JsonPath link = issued(need);
        Response accepted = act(link, Map.of("action", "accept"));
        assertThat(accepted.asString())
                .contains("(lit)", "(&lt;famille&gt;)", "value=\"&lt;famille&gt;\"")
                .doesNotContain("<famille>");
        assertThat(act(link, Map.of("action", "places", "places", "2")).statusCode())
                .as("of which")
                .isEqualTo(422);
        act(link, Map.of("action", "places", "unit", "lit", "places", "2"));
        assertThat(available(shelter)).containsExactly(1, 2);
        act(link, Map.of("action", "full"));
        assertThat(available(shelter)).containsExactly(0, 0);
        act(link, Map.of("action", "complete", "outcome", "got-help"));
        assertThat(act(link, Map.of("action", "places", "unit", "lit", "places", "4"))
                        .statusCode())
                .isEqualTo(404);
        assertThat(available(shelter)).containsExactly(0, 0);
    }

    @Test
    void aServiceThatSaidNothingYetBeginsToCount_andNoneThatIsSuspended() {
        Provider food = country.provider("FOOD");
        country.importDirectory();
        JsonPath link = issued(need("FOOD"));
        assertThat(act(link, Map.of("action", "accept")).asString()).contains("Rien n’a été dit");
        assertThat(act(link, Map.of("action", "places", "unit", "un texte inventé", "places", "7"))
                        .asString())
                .as("a link gives no name to what everybody reads")
                .doesNotContain("inventé");
        assertThat(available(food)).containsExactly(7);
        as(coordinator())
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(Map.of("reason", "complaint"))
                .post("/directory/organisations/" + food.organisation() + "/suspension")
                .then()
                .statusCode(200);
        assertThat(act(link, Map.of("action", "full")).statusCode()).isEqualTo(404);
        assertThat(available(food)).containsExactly(7);
    }

    private static Map<String, Object> capacity(String unit, int available, int maximum) {
        return Map.of(
                "unit",
                unit,
                "available",
                available,
                "maximum",
                maximum,
                "updated",
                Instant.now().minus(Duration.ofHours(1)).toString());
    }

    private Stated need(String type) {
        String code = country.newCase();
        country.consent(code, null, List.of("services"));
        Stated need = country.need(code, type, "normal", Duration.ofDays(14));
        country.awaitOffer(need.id());
        return need;
    }

    private JsonPath issued(Stated need) {
        Response answer = country.change(country.caseWorker(), need.id(), "links", Map.of());
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer.jsonPath();
    }

    private static Response act(JsonPath link, Map<String, String> form) {
        return given().header("Accept-Language", "fr")
                .formParam("code", link.getString("code"))
                .formParams(form)
                .post(page(link));
    }

    private static Response act(Map<String, String> form, JsonPath link) {
        return given().formParams(form).post(page(link));
    }

    private static String page(JsonPath link) {
        return link.getString("path").substring("/referral".length());
    }

    private List<Integer> available(Provider service) {
        return as(coordinator())
                .get("/directory/services/" + service.service() + "/capacity")
                .jsonPath()
                .getList("units.available");
    }

    private long version(Provider service) {
        return pool.preparedQuery("select version from stream where id = $1")
                .execute(Tuple.of("organisation-" + service.organisation()))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong("version");
    }

    /** Who caused the last event of its entry. */
    private String by(Provider service) {
        return pool.preparedQuery("select convert_from(metadata, 'UTF8') as by from event where stream_id = $1"
                        + " order by version desc limit 1")
                .execute(Tuple.of("organisation-" + service.organisation()))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getString("by");
    }
}
