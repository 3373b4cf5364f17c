package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.openOffer;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.Interleaving;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.edge.testkit.Tokens;
import org.passerelle.referral.Mechanism.Provider;
import org.passerelle.referral.Mechanism.Stated;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.referring.ReferralStream;

/** What the person withholds is taken in while somebody's command, which was permitted, is on its way to the append. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@Tag("members")
class WithheldMeanwhileTest {

    @Inject
    Pool pool;

    /** The consent as it is kept; the stream is locked so that the request waits there. */
    private static void withhold(SqlConnection tx, Stated need, boolean authorities, String... organisations) {
        tx.preparedQuery("select from stream where id = $1 for update")
                .execute(Tuple.of(ReferralStream.of(new ReferralId(UUID.fromString(need.id())))
                        .text()))
                .chain(() -> tx.preparedQuery("insert into case_consent (consent_id, case_code, scopes, any_recipient,"
                                + " recipients, withheld_from_authorities, withheld_from)"
                                + " values ($1, $2, '{services}', true, '{}', $3, $4)")
                        .execute(Tuple.of(
                                UUID.randomUUID(),
                                need.caseCode(),
                                authorities,
                                Arrays.stream(organisations)
                                        .map(UUID::fromString)
                                        .toArray(UUID[]::new))))
                .await()
                .indefinitely();
    }

    @Test
    void aCoordinatorChoosesNothingInAReferralThatIsWithheldBeforeTheAppend() throws Exception {
        try (Mechanism country = new Mechanism("WM")) {
            Map<String, String> other = new HashMap<>();
            String first = country.provider("LEGAL").service();
            String second = country.provider("LEGAL").service();
            other.put(first, second);
            other.put(second, first);
            country.importDirectory();
            String organisation = UUID.randomUUID().toString();
            String coordinator = Tokens.of("coordination-" + organisation, List.of("coordinator"), organisation);
            String code = country.newCase();
            country.consent(code, null, List.of("services"));
            Stated need = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            String asked = (String) openOffer(country.awaitOffer(need.id())).get("serviceId");

            Response permitted = Interleaving.of(
                    pool,
                    tx -> withhold(tx, need, false, UUID.randomUUID().toString()),
                    () -> choose(country, coordinator, need.id(), other.get(asked)));
            assertThat(permitted.statusCode()).as(permitted.asString()).isEqualTo(200);
            int before = version(country, need);

            Response refused = Interleaving.of(
                    pool,
                    tx -> withhold(tx, need, false, organisation),
                    () -> choose(country, coordinator, need.id(), asked));
            Response unknown = choose(country, coordinator, UUID.randomUUID().toString(), asked);
            assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(404);
            assertThat(refused.asString()).isEqualTo(unknown.asString());
            assertThat(version(country, need)).isEqualTo(before);
            // whoever asked for the service goes on
            Response owners = choose(country, country.caseWorker(), need.id(), asked);
            assertThat(owners.statusCode()).as(owners.asString()).isEqualTo(200);
        }
    }

    /** An offer that is taken back a moment later has told its receiver of the case. */
    @Test
    void nobodyIsOfferedWhatIsWithheldFromThemBeforeTheAppend() throws Exception {
        try (Mechanism country = new Mechanism("WO")) {
            Provider first = country.provider("LEGAL");
            Provider other = country.provider("LEGAL");
            Provider feared = country.provider("LEGAL");
            Provider police = country.provider("LEGAL", Map.of(), Map.of("organization_type", "LawEnforcement"));
            country.importDirectory();
            String code = country.newCase();
            country.consent(code, List.of(first.organisation()), List.of("services"));
            Stated need = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            country.awaitOffer(need.id());
            country.consent(code, null, List.of("services", "authorities"));
            await(code, "count(*) = 2");

            Response toPolice = Interleaving.of(
                    pool,
                    tx -> withhold(tx, need, true),
                    () -> choose(country, country.caseWorker(), need.id(), police.service()));
            assertThat(toPolice.statusCode()).as(toPolice.asString()).isEqualTo(422);
            Response toTheFeared = Interleaving.of(
                    pool,
                    tx -> withhold(tx, need, false, feared.organisation()),
                    () -> choose(country, country.caseWorker(), need.id(), feared.service()));
            assertThat(toTheFeared.statusCode()).as(toTheFeared.asString()).isEqualTo(422);

            Response toTheOther = choose(country, country.caseWorker(), need.id(), other.service());
            assertThat(toTheOther.statusCode()).as(toTheOther.asString()).isEqualTo(200);
            assertThat(text("select string_agg(service_id::text, ' ' order by offered_at) from offer_view"
                            + " where referral_id = '" + need.id() + "'"))
                    .isEqualTo(first.service() + " " + other.service());
        }
    }

    /** What routing chooses the append does not refuse for ever: both ask the same of all that the organisation gives. */
    @Test
    void whoGivesPoliceIsAnAuthorityInAllItGives_whateverItsTypeSays() throws Exception {
        try (Mechanism country = new Mechanism("WP")) {
            Provider mixed = country.provider(
                    "SAFE_SHELTER",
                    Map.of(
                            "attributes",
                            List.of(Map.of(
                                    "taxonomy_term", Map.of("taxonomy", "passerelle-admits", "code", "pregnant")))),
                    Map.of("organization_type", "NGO"));
            country.also(mixed.organisation(), "POLICE", Map.of());
            country.also(mixed.organisation(), "LEGAL", Map.of());
            Provider other = country.provider("SAFE_SHELTER");
            country.importDirectory();

            String agreed = country.newCase();
            country.consent(agreed, List.of(mixed.organisation()), List.of("services", "authorities"));
            Stated told = country.need(agreed, "SAFE_SHELTER", "urgent", Duration.ofDays(3), List.of("pregnant"));
            assertThat(openOffer(country.awaitOffer(told.id())).get("serviceId"))
                    .isEqualTo(mixed.service());
            assertThat((Object) Mechanism.as(Mechanism.providerOf(mixed.organisation()))
                            .get("/referrals/" + told.id())
                            .then()
                            .statusCode(200)
                            .extract()
                            .path("circumstances"))
                    .isNull();

            String code = country.newCase();
            country.consent(code, List.of(other.organisation()), List.of("services"));
            Stated need = country.need(code, "SAFE_SHELTER", "normal", Duration.ofDays(14));
            country.awaitOffer(need.id());
            country.consent(code, null, List.of("services", "authorities"));
            await(code, "count(*) = 2");
            Response chosen = Interleaving.of(
                    pool,
                    tx -> withhold(tx, need, true),
                    () -> choose(country, country.caseWorker(), need.id(), mixed.service()));
            assertThat(chosen.statusCode()).as(chosen.asString()).isEqualTo(422);

            Stated nobodys = country.need(code, "LEGAL", "normal", Duration.ofDays(14));
            country.awaitReferral(
                    country.caseWorker(),
                    nobodys.id(),
                    r -> r.getList("tasks").equals(List.of("no-consented-recipient")));
            assertThat(text("select count(*)::text from offer_view where referral_id = '" + nobodys.id() + "'"))
                    .isEqualTo("0");
        }
    }

    /** As where another country tells that the person has withdrawn what they were handed over with. */
    @Test
    void aWithdrawalOpensNothingThatWasWithheldWhateverStandsBesideIt() {
        try (Mechanism country = new Mechanism("WL")) {
            country.importDirectory();
            String code = country.newCase();
            String feared = UUID.randomUUID().toString();
            List<String> withholding = List.of(
                    country.withholdFromAuthorities(code),
                    country.consent(code, null, List.of("services"), null, List.of(feared)));
            country.consent(code, null, List.of("services"));
            withholding.forEach(consent -> country.withdraw(code, consent));
            await(code, "count(*) filter (where withdrawn) = 2");
            assertThat(withheld(code, feared)).isEqualTo("true true");
            country.consent(code, null, List.of("services"));
            await(code, "count(*) = 4");
            assertThat(withheld(code, feared)).isEqualTo("false false");
        }
    }

    private String withheld(String code, String organisation) {
        return text("select is_withheld_from_authorities('" + code + "') || ' ' || is_withheld('" + code + "', '"
                + organisation + "')");
    }

    private void await(String code, String condition) {
        Instant end = Instant.now().plus(Mechanism.PATIENCE);
        while (!text("select (" + condition + ")::text from case_consent where case_code = '" + code + "'")
                .equals("true")) {
            assertThat(Instant.now()).as(condition).isBefore(end);
            Mechanism.pause();
        }
    }

    private String text(String sql) {
        return pool.query(sql)
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getString(0);
    }

    private static Response choose(Mechanism country, String token, String referral, String service) {
        return country.change(token, referral, "choice", Map.of("serviceId", service, "reason", "person-asked"));
    }

    private static int version(Mechanism country, Stated need) {
        return Mechanism.as(country.caseWorker())
                .get("/referrals/" + need.id())
                .jsonPath()
                .getInt("version");
    }
}
