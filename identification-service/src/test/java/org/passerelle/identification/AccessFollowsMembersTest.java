package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.Memberships;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.OtherService;
import org.passerelle.edge.testkit.Patience;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.closing.ClosingReason;
import org.passerelle.identification.codes.CaseCode;

/** What referral-service tells of members and suspensions counts here, whatever a token says. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("members")
class AccessFollowsMembersTest {

    @Inject
    Pool pool;

    @Inject
    EventStore store;

    @Inject
    Memberships memberships;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @ConfigProperty(name = "quarkus.management.test-port", defaultValue = "9001")
    int management;

    private final Identification identification = new Identification();

    private void tell(String event, Map<String, ?> data) {
        tell(event, identification.owner, data);
    }

    private void tell(String event, String key, Map<String, ?> data) {
        try (OtherService referral = new OtherService("referral", broker)) {
            referral.publish(event, key, data);
        }
    }

    private String caseWorker() {
        return Memberships.account(
                System.getProperty("passerelle.test.issuer"), "case-worker-" + identification.owner.substring(0, 8));
    }

    private int reading(String code) {
        return identification.asCaseWorker().get("/cases/" + code).statusCode();
    }

    @Test
    void aSuspendedOrganisationLosesAccessAndGetsItBack() {
        String code = identification.detect();
        assertThat(reading(code)).isEqualTo(200);
        tell("organisation-suspended", Map.of("organisation", identification.owner));
        Patience.until(() -> reading(code) == 403);
        tell("organisation-reactivated", Map.of("organisation", identification.owner));
        Patience.until(() -> reading(code) == 200);
    }

    @Test
    void aRemovedMemberLosesAccessAndOthersDoNot() {
        String code = identification.detect();
        tell(
                "member-recorded",
                Map.of(
                        "organisation",
                        identification.owner,
                        "member",
                        caseWorker(),
                        "roles",
                        List.of("case-worker", "supervisor")));
        tell("member-removed", Map.of("organisation", identification.owner, "member", caseWorker()));
        Patience.until(() -> reading(code) == 403);
        assertThat(identification.asFieldWorker().get("/cases/" + code).statusCode())
                .isEqualTo(200);
    }

    /** As if the removal had been told between the access decision and the append: the decision was a yes. */
    @Test
    void whoIsRemovedBeforeTheAppendWritesNothing() {
        String code = identification.detect();
        String subject = "case-worker-" + identification.owner.substring(0, 8);
        assertThat(closing(code, subject).await().indefinitely()).isNotNull();
        String another = identification.detect();
        memberships
                .recorded(pool, identification.owner, caseWorker(), List.of("case-worker"))
                .chain(() -> memberships.removed(pool, identification.owner, caseWorker()))
                .await()
                .indefinitely();
        assertThatThrownBy(() -> closing(another, subject).await().indefinitely())
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.code()).isEqualTo("unknown-or-ended"));
        assertThat(state(another)).isEqualTo("open");
        assertThat(state(code)).isEqualTo("closed");
    }

    /** The removal is under way and not committed: the append waits for it and is refused. */
    @Test
    void anAppendWaitsForTheRemovalThatCameFirst() {
        String code = identification.detect();
        String subject = "case-worker-" + identification.owner.substring(0, 8);
        memberships
                .recorded(pool, identification.owner, caseWorker(), List.of("case-worker"))
                .await()
                .indefinitely();
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        boolean waited = pool.withTransaction(tx -> memberships
                        .removed(tx, identification.owner, caseWorker())
                        .invoke(() -> closing(code, subject).subscribe().with(outcome::complete, outcome::complete))
                        .onItem()
                        .delayIt()
                        .by(Duration.ofMillis(300))
                        .map(removed -> !outcome.isDone()))
                .await()
                .indefinitely();
        assertThat(waited).isTrue();
        assertThat(outcome).succeedsWithin(Duration.ofSeconds(10)).isInstanceOf(Refusal.class);
        assertThat(state(code)).isEqualTo("open");
    }

    @Test
    void whoseOrganisationIsSuspendedBeforeTheAppendWritesNothing() {
        String code = identification.detect();
        memberships.suspended(pool, identification.owner, true).await().indefinitely();
        assertThatThrownBy(() -> closing(code, "anybody").await().indefinitely())
                .isInstanceOf(Refusal.class);
        memberships.suspended(pool, identification.owner, false).await().indefinitely();
        assertThat(state(code)).isEqualTo("open");
        assertThat(closing(code, "anybody").await().indefinitely()).isNotNull();
    }

    private Uni<?> closing(String code, String subject) {
        return store.handle(
                CaseStream.KIND,
                CaseStream.of(CaseCode.parse(code)),
                new CaseCommand.CloseCase(ClosingReason.PLAN_COMPLETED, false, Instant.now()),
                ExpectedVersion.any(),
                new Metadata(
                        System.getProperty("passerelle.test.issuer"),
                        subject,
                        identification.owner,
                        UUID.randomUUID().toString(),
                        null));
    }

    private String state(String code) {
        return pool.preparedQuery("select state from case_list where case_code = $1")
                .execute(Tuple.of(code))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getString("state");
    }

    @Test
    void anOrganisationWhoseFactCannotBeProcessedIsDenied() {
        String code = identification.detect();
        tell("member-removed", Map.of("organisation", identification.owner));
        Patience.until(() -> reading(code) == 403);
    }

    @Test
    void afterTooLongASilenceNamesAreHeldBackAndCodesAreNot() {
        String code = identification.detect();
        assertThat(named(code)).isTrue();
        heardAt("now() - interval '2 hours'");
        try {
            Patience.until(() -> !named(code));
            identification
                    .asCaseWorker()
                    .get("/cases/" + code)
                    .then()
                    .statusCode(200)
                    .body("caseCode", equalTo(code));
            assertThat(identification
                            .as("provider", identification.shelter)
                            .get("/cases/" + code + "/slice")
                            .statusCode())
                    .isEqualTo(404);
            RestAssured.given()
                    .port(management)
                    .basePath("")
                    .get("/q/health/ready")
                    .then()
                    .body(
                            "checks.find { it.name == 'the source of memberships is heard' }.data.personalFieldsHeldBack",
                            equalTo(true));
        } finally {
            tell("heartbeat", "heartbeat", Map.of());
        }
        Patience.until(() -> named(code));
    }

    @Test
    void aMomentAheadOfTheClockIsNeitherKeptNorTaken() {
        heardAt("now() + interval '2 hours'");
        tell("heartbeat", "heartbeat", Map.of());
        Patience.until(() -> !heardSince("now()"));
        heardAt("now() - interval '2 hours'");
        try (OtherService referral = new OtherService("referral", broker)) {
            referral.publish("heartbeat", "heartbeat", Map.of(), Instant.now().plus(Duration.ofHours(2)));
        }
        Patience.until(() -> heardSince("now() - interval '1 hour'"));
        assertThat(heardSince("now()")).isFalse();
    }

    private void heardAt(String moment) {
        pool.query("update members_heard set at = " + moment).execute().await().indefinitely();
    }

    private boolean heardSince(String moment) {
        return pool.query("select at > " + moment + " as since from members_heard")
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getBoolean("since");
    }

    private boolean named(String code) {
        return identification.asCaseWorker().get("/cases/" + code).jsonPath().get("person") != null;
    }
}
