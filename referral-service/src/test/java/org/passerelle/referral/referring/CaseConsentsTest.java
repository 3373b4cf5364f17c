package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.passerelle.referral.referring.World.NOON;
import static org.passerelle.referral.referring.World.organisation;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;

/** Others wait for the locks of an append: its check reads little. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("members")
class CaseConsentsTest {

    private static final CaseCode CASE = new CaseCode("7314-2960-8867");

    private static final String LOOKED = "select coalesce(sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)), 0)::int"
            + " as looked from pg_stat_xact_user_tables where relname::text = any($1)";
    private static final String[] DIRECTORY = {"directory_service"};
    private static final String[] WHAT_A_SHORTLIST_ASKS = {"directory_site", "organisation_standing"};

    private final UUID ngo = UUID.randomUUID();
    private final UUID police = UUID.randomUUID();

    @Inject
    Pool pool;

    @Inject
    CaseConsents consents;

    @SuppressWarnings("NullAway.Init")
    CaseConsentsTest() {}

    private void known(SqlConnection tx) {
        run(
                tx,
                "insert into case_consent (consent_id, case_code, scopes, any_recipient, recipients,"
                        + " withheld_from_authorities, withheld_from)"
                        + " values ($1, $2, '{services}', true, '{}', true, '{}')",
                UUID.randomUUID(),
                CASE.value());
        list(tx, ngo, "NGO");
        list(tx, police, "LawEnforcement");
    }

    private static void run(SqlConnection tx, String sql, Object... values) {
        await(tx.preparedQuery(sql).execute(Tuple.from(values)));
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(5));
    }

    private static void list(SqlConnection tx, UUID organisation, String type) {
        run(tx, "insert into directory_organisation (id, name, type) values ($1, 'One', $2)", organisation, type);
        run(
                tx,
                "insert into directory_service (organisation_id, id, name, status, types, eligible_sexes,"
                        + " limited_to_areas, areas, languages, phones, opening_hours)"
                        + " values ($1, $1, 'One', 'active', '{LEGAL}', '{}', false, '{}', '{}', '{}', '{}')",
                organisation);
    }

    private static int looked(SqlConnection tx, String... tables) {
        return await(tx.preparedQuery(LOOKED).execute(Tuple.of(tables)))
                .iterator()
                .next()
                .getInteger("looked");
    }

    private static ServiceOffered offered(UUID to) {
        About about = new About(
                new ReferralId(UUID.randomUUID()), CASE, organisation(99), ServiceType.LEGAL, new PlaceCode("WQ-10"));
        return new ServiceOffered(
                about, new OfferId(UUID.randomUUID()), new OrganisationId(to), new ServiceId(to), NOON, NOON);
    }

    @Test
    void theCheckOfAnOfferReadsTheDirectorysEntryOfWhomItGoesTo_notAShortlist() {
        SqlConnection tx = await(pool.getConnection());
        Transaction written = await(tx.begin());
        try {
            known(tx);
            int shortlists = looked(tx, WHAT_A_SHORTLIST_ASKS);
            int entries = looked(tx, DIRECTORY);
            await(consents.check(tx, offered(ngo)));
            assertThatThrownBy(() -> await(consents.check(tx, offered(police)))).isInstanceOf(Overtaken.class);
            assertThatThrownBy(() -> await(consents.check(tx, offered(UUID.randomUUID()))))
                    .as("of one that left nobody knows what it is")
                    .isInstanceOf(Overtaken.class);
            assertThat(looked(tx, DIRECTORY)).isGreaterThan(entries);
            assertThat(looked(tx, WHAT_A_SHORTLIST_ASKS)).isEqualTo(shortlists);
        } finally {
            await(written.rollback());
            await(tx.close());
        }
    }
}
