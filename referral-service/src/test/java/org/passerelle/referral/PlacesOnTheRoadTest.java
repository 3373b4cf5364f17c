package org.passerelle.referral;

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
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.referral.Mechanism.Provider;

/** Which services a need reaches by the place that it says, through the API. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
@Tag("directory")
class PlacesOnTheRoadTest {

    @Inject
    Pool pool;

    private static Provider serving(Mechanism country, Map<String, ?> area) {
        return country.provider(
                "SAFE_SHELTER", Map.of("service_areas", List.of(area)), Map.of("organization_type", "NGO"));
    }

    private static JsonPath whatIf(Mechanism country, String place) {
        Response answer = as(country.caseWorker())
                .body(Map.of("service", "SAFE_SHELTER", "place", place, "age", 24, "sex", "Feminine"))
                .post("/routing/what-ifs");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer.jsonPath();
    }

    /** By name, of those that this country lists. */
    private static List<String> found(String place) {
        Response answer = as(coordinator()).get("/directory/services?limit=500&place=" + place);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer.jsonPath().getList("services.findAll { it.description == 'recherche' }.name");
    }

    private static void searchable(Mechanism country, String name, String location, Map<String, ?> area) {
        Provider provider = country.provider(
                "FOOD",
                area.isEmpty()
                        ? Map.of("name", name, "description", "recherche")
                        : Map.of("name", name, "description", "recherche", "service_areas", List.of(area)),
                Map.of("organization_type", "NGO"));
        country.locate(provider, location);
    }

    @Test
    void aSearchFindsWhatCoversAPlace_andWhatLiesInIt_byWhicheverCode() {
        try (Mechanism country = new Mechanism("EC", "X")) {
            searchable(country, "canton", "EC-L", Map.of("extent", "EC1101"));
            searchable(country, "province", "EC11", Map.of());
            searchable(country, "country", "EC-P", Map.of("extent", "EC"));
            searchable(country, "another", "EC-P", Map.of());
            country.importDirectory();

            assertThat(found("EC1101")).containsExactlyInAnyOrder("canton", "province", "country");
            assertThat(found("EC110150"))
                    .as("a parish in the canton")
                    .containsExactlyInAnyOrder("canton", "province", "country");
            assertThat(found("EC-L")).containsExactlyInAnyOrder("canton", "province", "country");
            assertThat(found("EC11")).containsExactlyInAnyOrder("canton", "province", "country");
            assertThat(found("EC-P")).containsExactlyInAnyOrder("country", "another");
            assertThat(found("EC")).containsExactlyInAnyOrder("canton", "province", "country", "another");
            assertThat(found("EC-A")).containsExactly("country");
            assertThat(found("PE")).isEmpty();
        }
    }

    @Test
    void anAreaIsServedInItsTimeByWhicheverCode_andOnItsFirstDayThoseWhoWaitAreLookedAtAgain() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        LocalDate soon = today.plusDays(2000 + (int) (Math.random() * 1000));
        try (Mechanism country = new Mechanism("GN", "B")) {
            Provider now = serving(country, Map.of("extent", "GN-K", "valid_to", soon.toString()));
            Provider later = serving(country, Map.of("extent", "GN-K", "valid_from", soon.toString()));
            Provider commune = serving(country, Map.of("extent", "GN004002"));
            Response imported = as(coordinator())
                    .header("Idempotency-Key", UUID.randomUUID().toString())
                    .body(country.directory())
                    .post("/directory/imports");
            assertThat(imported.statusCode()).as(imported.asString()).isEqualTo(200);
            assertThat(imported.jsonPath().getList("warnings", String.class))
                    .singleElement()
                    .asString()
                    .contains(commune.service(), "GN004002");

            assertThat(whatIf(country, "GN-K").getList("kept.serviceId")).containsExactly(now.service());
            assertThat(whatIf(country, "GN004002").getList("kept.serviceId"))
                    .as("nobody knows where it is: looked at as the whole country")
                    .containsExactlyInAnyOrder(now.service(), later.service(), commune.service());
            assertThat(whatIf(country, "GN").getList("kept.serviceId")).hasSize(3);

            assertThat(as(coordinator())
                            .get("/directory/services?type=SAFE_SHELTER&place=GN-K")
                            .jsonPath()
                            .getList("services.areasInTime.flatten().validFrom", String.class))
                    .contains(soon.toString());
            assertThat(pool.preparedQuery("select due_at from deadline where name = $1")
                            .execute(Tuple.of("served from " + soon))
                            .await()
                            .indefinitely()
                            .iterator()
                            .next()
                            .getOffsetDateTime("due_at")
                            .toInstant())
                    .isEqualTo(soon.atStartOfDay(ZoneOffset.UTC).toInstant());
        }
    }
}
