package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.referring.World.organisation;
import static org.passerelle.referral.referring.World.service;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.referral.ShortEmergencies;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.routing.Shortlist;
import org.passerelle.referral.routing.TrackRecord;

/** What the tables say of needs that depend on each other, and of how services answered. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
@Tag("routing")
class PackagesTest {

    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final PlaceCode PLACE = new PlaceCode("BI-BM");
    private static final CaseCode CASE = new CaseCode("7314-2960-8859");

    /** Nobody fires it while the test looks. */
    private static final Instant FAR = Instant.parse("2199-01-01T00:00:00Z");

    private final ReferralId first = new ReferralId(UUID.randomUUID());
    private final ReferralId second = new ReferralId(UUID.randomUUID());

    @Inject
    Pool pool;

    @Inject
    Packages packages;

    @Inject
    Experience experience;

    @SuppressWarnings("NullAway.Init")
    PackagesTest() {}

    @AfterEach
    void clear() {
        run("delete from case_leg where case_code = $1", CASE.value());
        run(
                "delete from deadline where stream_id = $1",
                ReferralStream.of(second).text());
        run("delete from offer_view where service_id = $1", service(1).value());
    }

    private RowSet<Row> run(String sql, Object... values) {
        return pool.preparedQuery(sql).execute(Tuple.from(values)).await().atMost(WAIT);
    }

    /** The second waits for the first, of which this release wrote no part in any package. */
    private void secondAfterFirst() {
        run(
                "insert into case_leg (referral_id, package_id, case_code, after, until, together)"
                        + " values ($1, $2, $3, $4, '{begun}', '{}')",
                second.value(),
                UUID.randomUUID(),
                CASE.value(),
                new UUID[] {first.value()});
    }

    private void firstMoved(long version) {
        About about = new About(first, CASE, organisation(99), ServiceType.MEDICAL, PLACE);
        pool.withTransaction(
                        tx -> packages.lock(tx, List.of(about)).chain(() -> packages.movedOn(tx, about, version, FAR)))
                .await()
                .atMost(WAIT);
    }

    private List<String> looks() {
        return run(
                        "select name from deadline where stream_id = $1 order by name",
                        ReferralStream.of(second).text())
                .stream()
                .map(row -> row.getString("name"))
                .toList();
    }

    @Test
    void whoWaitsIsLookedAt_alsoForANeedThatAnOlderReleaseTook() {
        secondAfterFirst();
        firstMoved(3);
        firstMoved(4);
        assertThat(looks())
                .hasSize(4)
                .allSatisfy(name ->
                        assertThat(WhenAClockRunsOutThenRouteOn.look(name)).contains(RoutingTrigger.PACKAGE_CHANGED));
        assertThat(WhenAClockRunsOutThenRouteOn.look(ReferralStream.PACKAGE_SETTLED))
                .as("that of a need that is held back")
                .contains(RoutingTrigger.PACKAGE_CHANGED);
        assertThat(WhenAClockRunsOutThenRouteOn.look(ReferralStream.NEED_CLOCK)).isEmpty();
    }

    @Test
    void whoMovesOnNeverWaitsForALookThatIsBeingFired() {
        secondAfterFirst();
        firstMoved(1);
        SqlConnection firing = pool.getConnection().await().atMost(WAIT);
        try {
            firing.begin()
                    .chain(() -> firing.preparedQuery("delete from deadline where stream_id = $1")
                            .execute(Tuple.of(ReferralStream.of(second).text())))
                    .await()
                    .atMost(WAIT);
            firstMoved(2);
        } finally {
            firing.close().await().atMost(WAIT);
        }
        assertThat(looks()).hasSize(4);
    }

    @Test
    void aLateYesCountsAmongThoseAccepted() {
        Instant at = Instant.parse("2026-11-20T12:00:00Z");
        for (String standing : List.of("late", "expired")) {
            run(
                    "insert into offer_view (offer_id, referral_id, organisation_id, service_id, standing, offered_at,"
                            + " answer_by, answered_at) values ($1, $2, $3, $4, $5, $6, $6, $6)",
                    UUID.randomUUID(),
                    UUID.randomUUID(),
                    organisation(1).value(),
                    service(1).value(),
                    standing,
                    at.atOffset(ZoneOffset.UTC));
        }
        TrackRecord known = experience
                .of(
                        pool,
                        null,
                        PLACE,
                        new Shortlist(List.of(World.candidate(1, ServiceType.MEDICAL, PLACE)), 0, 0, World.DAY),
                        at)
                .await()
                .atMost(WAIT)
                .records()
                .values()
                .iterator()
                .next();
        assertThat(List.of(known.offers(), known.inTime(), known.accepted())).containsExactly(2, 0, 1);
    }
}
