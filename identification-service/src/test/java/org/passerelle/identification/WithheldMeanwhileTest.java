package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.identification.Identification.post;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.Interleaving;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.identification.casefile.CaseCommand.RecordConsent;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.consenting.ConsentId;
import org.passerelle.identification.consenting.Scope;

/** The person withholds their case while somebody's command, which was permitted, is on its way to the append. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("members")
class WithheldMeanwhileTest {

    private static final String UNKNOWN = CaseCode.numbered(794).text();

    @Inject
    Pool pool;

    @Inject
    EventStore store;

    private final Identification identification = new Identification();
    private final String coordination = UUID.randomUUID().toString();

    private void withhold(SqlConnection tx, String code, boolean authorities, Set<String> organisations) {
        Set<OrganisationId> withheld =
                Set.copyOf(organisations.stream().map(OrganisationId::of).toList());
        Consent consent = new Consent(
                new ConsentId(UUID.randomUUID()),
                Set.of(Scope.SERVICES),
                new Consent.Recipients(true, Set.of()),
                new Consent.WithheldFrom(authorities, withheld),
                null,
                Consent.ObtainedFrom.PERSON,
                new Language("run"),
                Instant.now());
        store.handleIn(
                        tx,
                        CaseStream.KIND,
                        CaseStream.of(CaseCode.parse(code)),
                        new RecordConsent(consent),
                        Metadata.system("test"))
                .await()
                .indefinitely();
    }

    private Response hold(String code) {
        return post(identification.as("coordinator", coordination), "/cases/" + code + "/holds", """
                {"basis": "Ordonnance 17/2026"}""");
    }

    private static Response breakGlass(String role, String organisation, String code) {
        String token = Tokens.odd(
                role + "-" + organisation.substring(0, 8),
                List.of(role),
                organisation,
                Map.of("auth_time", Instant.now().getEpochSecond()));
        RequestSpecification who = RestAssured.given()
                .auth()
                .oauth2(token)
                .header("Accept-Language", "en")
                .contentType(ContentType.JSON);
        return post(who, "/cases/" + code + "/emergency-access", """
                {"reason": "danger-to-life", "text": "Aux urgences."}""");
    }

    private static void refusedAsUnknown(Response refused, Response unknown) {
        assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(404);
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(refused.asString()).isEqualTo(unknown.asString());
    }

    @Test
    void aCoordinatorWritesNothingToACaseThatIsWithheldBeforeTheAppend() throws Exception {
        String code = identification.detect();
        hold(code).then().statusCode(201);
        Response refused =
                Interleaving.of(pool, tx -> withhold(tx, code, false, Set.of(coordination)), () -> hold(code));
        refusedAsUnknown(refused, hold(UNKNOWN));
        assertThat(hold(code).statusCode()).isEqualTo(404);
        assertThat(identification
                        .asCaseWorker()
                        .get("/cases/" + code + "/erasure")
                        .jsonPath()
                        .getList("holds"))
                .hasSize(1);
    }

    @Test
    void whatIsWithheldFromSomebodyElseHoldsNobodyUp() throws Exception {
        String code = identification.detect();
        Response placed = Interleaving.of(
                pool, tx -> withhold(tx, code, true, Set.of(UUID.randomUUID().toString())), () -> hold(code));
        assertThat(placed.statusCode()).as(placed.asString()).isEqualTo(201);
    }

    @Test
    void nobodyBreaksTheGlassOfACaseThatIsWithheldBeforeTheAppend() throws Exception {
        String code = identification.detect();
        String hospital = UUID.randomUUID().toString();
        Response refused = Interleaving.of(
                pool, tx -> withhold(tx, code, false, Set.of(hospital)), () -> breakGlass("provider", hospital, code));
        refusedAsUnknown(refused, breakGlass("provider", hospital, UNKNOWN));

        String police = UUID.randomUUID().toString();
        String another = identification.detect();
        refusedAsUnknown(
                Interleaving.of(
                        pool,
                        tx -> withhold(tx, another, true, Set.of()),
                        () -> breakGlass("police-investigator", police, another)),
                breakGlass("police-investigator", police, UNKNOWN));
    }

    @Test
    void nobodyReviewsTheGlassOfACaseThatIsWithheldFromThemBeforeTheAppend() throws Exception {
        for (boolean authority : List.of(false, true)) {
            String code = identification.detect();
            String glass = breakGlass("provider", UUID.randomUUID().toString(), code)
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("glassId");
            Response reviewed =
                    Interleaving.of(pool, tx -> withhold(tx, code, true, Set.of()), () -> review(authority, glass));
            assertThat(reviewed.statusCode()).as(reviewed.asString()).isEqualTo(authority ? 404 : 201);
        }
    }

    private Response review(boolean authority, String glass) {
        String token = Tokens.of(
                "reviewer-" + authority + coordination.substring(0, 8),
                authority ? List.of("coordinator", "police-investigator") : List.of("coordinator"),
                coordination);
        RequestSpecification who = RestAssured.given()
                .auth()
                .oauth2(token)
                .header("Accept-Language", "en")
                .contentType(ContentType.JSON);
        return post(who, "/emergency-accesses/" + glass + "/review", """
                {"finding": "justified"}""");
    }
}
