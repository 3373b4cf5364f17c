package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.Mechanism.as;
import static org.passerelle.referral.Mechanism.providerOf;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.referral.Mechanism.Provider;

/**
 * A slice of a quarter through the real service: needs from Kafka, routing from the index, offers that expire by the
 * database's clock, providers over HTTP who decline, do not answer, answer late, pass on, go on holiday and fill up. One
 * case of four has three needs at once: one that comes first, and two after it that must go to one place. A
 * trigger of the database looks at every change of a referral when it commits: whatever is not over has an owner, a step
 * and a clock that will ring. {@code -Dpasserelle.quarter.road-cases=…} makes it longer, {@code -Dseed=…} replays what
 * the providers do.
 */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
@Tag("quarter")
class QuarterOnTheRoadTest {

    private static final int CASES = Integer.getInteger("passerelle.quarter.road-cases", 24);

    private static final String TYPE = "LEGAL";

    /** Of those who must go to one place. */
    private static final String TYPE_TOGETHER = "SAFE_SHELTER";

    /** So long does the slice go on: the life of an emergency offer, and what comes of those that expired. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration SLICE = ShortEmergencies.LIFE.plusSeconds(3 + CASES / 50);

    /** Both are accepted, and neither is over. */
    private static final String BOTH_ARE_TAKEN =
            "a.provider is not null and b.provider is not null and a.ended_at is null and b.ended_at is null";

    private static final String AT_ONE_PLACE = "a.provider = b.provider";

    /** A late yes, or a provider that passes one of them on, may part two: then a person is told. */
    private static final String APART_UNTOLD = BOTH_ARE_TAKEN + " and a.provider <> b.provider and not exists ("
            + "select from task_view t where t.referral_id in (a.referral_id, b.referral_id)"
            + " and t.reason = 'no-place-together')";

    private final long seed = Long.getLong("seed", 1);
    private final Random random = new Random(seed);
    private final Map<String, Integer> happened = new TreeMap<>();

    @Inject
    Pool pool;

    /** How a provider of the slice behaves. */
    private enum Manner {
        WILLING,
        DECLINES,
        SILENT,
        LATE,
        PASSES_ON,
        ON_HOLIDAY
    }

    /** Needs that were stated at once: two for one place, after the first. */
    private record Together(String id, String first, String second, String third) {}

    private final List<Together> packages = new ArrayList<>();
    private int needs;

    @Test
    void noReferralIsEverWithoutAnOwnerAClockAndANextStep() {
        System.out.printf("quarter on the road: seed %d, %d cases%n", seed, CASES);
        try (Mechanism country = new Mechanism("QN")) {
            Map<String, Manner> manners = new HashMap<>();
            List<Provider> away = new ArrayList<>();
            for (String type : List.of(TYPE, TYPE_TOGETHER)) {
                for (Manner manner : Manner.values()) {
                    for (int number = 0; number < (manner == Manner.WILLING ? 4 : 1); number++) {
                        Provider provider = country.provider(type, units(3), Map.of("organization_type", "NGO"));
                        manners.put(provider.organisation(), manner);
                        if (manner == Manner.ON_HOLIDAY) {
                            away.add(provider);
                        }
                    }
                }
            }
            country.importDirectory();
            watch(country.place);
            try {
                List<String> withoutConsent = new ArrayList<>();
                for (int number = 0; number < CASES; number++) {
                    String code = country.newCase();
                    if (random.nextInt(5) == 0) {
                        withoutConsent.add(code);
                    } else {
                        country.consent(code, null, List.of("services"));
                    }
                    if (number % 4 == 0) {
                        together(country, code);
                    } else {
                        state(country, code, UUID.randomUUID().toString(), TYPE, null);
                    }
                }
                Instant holiday = Instant.now().plus(SLICE.dividedBy(3));
                Instant late = Instant.now().plus(SLICE.dividedBy(2));
                Instant end = Instant.now().plus(SLICE);
                boolean gone = false;
                // On a slow machine it takes as long as it takes until everything that is looked for has happened.
                while (Instant.now().isBefore(end)
                        || !everythingHappened() && Instant.now().isBefore(end.plus(PATIENCE))) {
                    offers("open").forEach(offer -> answer(country, manners, offer));
                    accepted().forEach(referral -> serve(country, manners, referral));
                    failedBefore().forEach(referral -> goOn(country, referral));
                    if (!gone && Instant.now().isAfter(holiday)) {
                        gone = true;
                        away.forEach(provider -> count("away "
                                + as(Mechanism.coordinator())
                                        .header(
                                                "Idempotency-Key",
                                                UUID.randomUUID().toString())
                                        .body(Map.of("available", 0))
                                        .post("/directory/services/" + provider.service() + "/capacity")
                                        .statusCode()));
                        withoutConsent.forEach(code -> country.consent(code, null, List.of("services")));
                    }
                    if (Instant.now().isAfter(late)) {
                        offers("expired").forEach(offer -> late(country, manners, offer));
                    }
                    Mechanism.pause();
                }
                Map<String, Long> states = states(country.place);
                long all = states.values().stream().mapToLong(Long::longValue).sum();
                System.out.printf(
                        "quarter on the road: %d needs, %d of them in packages, %d changes looked at, steps %s, states %s, %s%n",
                        needs, 3 * packages.size(), looked(), steps(), states, happened);
                assertThat(all).isEqualTo(needs);
                assertThat(violations()).isEmpty();
                assertThat(looked()).isGreaterThan(needs * 4L);
                assertThat(everythingHappened())
                        .as(
                                "all four answers, an expired offer, a re-routed need, one that waited for another and two at"
                                        + " one place within the slice and %s",
                                PATIENCE)
                        .isTrue();
                whoIsApartIsAPersonsDecision();
                packages.forEach(QuarterOnTheRoadTest::isInOneView);
            } finally {
                unwatch();
            }
        }
    }

    private boolean everythingHappened() {
        return happened.keySet()
                        .containsAll(List.of("accepted 200", "declined 200", "first-contact 200", "completion 200"))
                && number("select count(*) from offer_view o join referral_view r using (referral_id)"
                                + " where r.place = $1 and o.standing in ('expired', 'late')")
                        > 0
                && number("select count(*) from (select from offer_view o join referral_view r using (referral_id)"
                                + " where r.place = $1 group by referral_id having count(*) > 1) x")
                        > 0
                && steps().containsKey("other-need")
                && !pairs(AT_ONE_PLACE).isEmpty();
    }

    private void together(Mechanism country, String code) {
        Together all = new Together(
                UUID.randomUUID().toString(),
                UUID.randomUUID().toString(),
                UUID.randomUUID().toString(),
                UUID.randomUUID().toString());
        packages.add(all);
        List<Map<String, String>> after =
                List.of(Map.of("needId", all.first(), "until", random.nextInt(3) == 0 ? "completed" : "begun"));
        state(country, code, all.first(), TYPE, leg(all, List.of(), List.of()));
        state(country, code, all.second(), TYPE_TOGETHER, leg(all, after, List.of(all.third())));
        state(country, code, all.third(), TYPE_TOGETHER, leg(all, after, List.of(all.second())));
    }

    private static Map<String, Object> leg(Together all, List<Map<String, String>> after, List<String> with) {
        return Map.of("packageId", all.id(), "after", after, "together", with);
    }

    private void state(Mechanism country, String code, String id, String type, @Nullable Map<String, Object> leg) {
        needs++;
        country.need(
                code,
                id,
                type,
                random.nextInt(3) > 0 ? "emergency" : "normal",
                Duration.ofSeconds(random.nextInt(3) == 0 ? 8 : 86_400),
                leg);
    }

    /** The case worker's, where the need that comes first failed. */
    private void goOn(Mechanism country, Row referral) {
        String id = referral.getUUID("referral_id").toString();
        count("rerouting "
                + country.change(country.caseWorker(), id, "rerouting", Map.of())
                        .statusCode());
    }

    private void whoIsApartIsAPersonsDecision() {
        Instant end = Instant.now().plus(PATIENCE);
        while (!pairs(APART_UNTOLD).isEmpty() && Instant.now().isBefore(end)) {
            Mechanism.pause();
        }
        assertThat(pairs(APART_UNTOLD))
                .as("of two who belong together and are apart somebody is told")
                .isEmpty();
    }

    /** The pairs of which the condition holds for the one, a, and the other, b. */
    private List<String> pairs(String condition) {
        List<String> found = new ArrayList<>();
        for (Together all : packages) {
            pool.preparedQuery("select from referral_view a, referral_view b where a.referral_id = $1"
                            + " and b.referral_id = $2 and " + condition)
                    .execute(Tuple.of(UUID.fromString(all.second()), UUID.fromString(all.third())))
                    .await()
                    .atMost(Duration.ofSeconds(10))
                    .forEach(row -> found.add(all.second() + " " + all.third()));
        }
        return found;
    }

    private static void isInOneView(Together all) {
        JsonPath view = as(Mechanism.coordinator()).get("/packages/" + all.id()).jsonPath();
        assertThat(view.getList("legs.referral.referralId", String.class))
                .containsExactly(all.first(), all.second(), all.third());
        for (int leg = 0; leg < 3; leg++) {
            String path = "legs[" + leg + "].referral";
            if (view.getString(path + ".endedAt") == null) {
                Map<String, Object> step = view.getMap(path + ".nextStep");
                assertThat(step).as("%s", all).containsKeys("step", "of", "by");
            }
        }
    }

    private static Map<String, Object> units(int free) {
        return Map.of(
                "capacities",
                List.of(Map.of(
                        "unit",
                        "place",
                        "available",
                        free,
                        "updated",
                        Instant.now().minusSeconds(5).toString())));
    }

    private void answer(Mechanism country, Map<String, Manner> manners, Row offer) {
        String organisation = offer.getUUID("organisation_id").toString();
        Manner manner = manners.get(organisation);
        String id = offer.getUUID("referral_id").toString();
        Map<String, Object> body =
                new HashMap<>(Map.of("offerId", offer.getUUID("offer_id").toString()));
        switch (manner) {
            case WILLING, PASSES_ON, ON_HOLIDAY ->
                count("accepted "
                        + country.change(providerOf(organisation), id, "acceptance", body)
                                .statusCode());
            case DECLINES -> {
                body.put("reason", "no-capacity");
                count("declined "
                        + country.change(providerOf(organisation), id, "decline", body)
                                .statusCode());
            }
            case SILENT, LATE -> {}
        }
    }

    private final Set<UUID> triedLate = new HashSet<>();

    private void late(Mechanism country, Map<String, Manner> manners, Row offer) {
        String organisation = offer.getUUID("organisation_id").toString();
        if (manners.get(organisation) == Manner.LATE && triedLate.add(offer.getUUID("offer_id"))) {
            count("late "
                    + country.change(
                                    providerOf(organisation),
                                    offer.getUUID("referral_id").toString(),
                                    "acceptance",
                                    Map.of("offerId", offer.getUUID("offer_id").toString()))
                            .statusCode());
        }
    }

    private void serve(Mechanism country, Map<String, Manner> manners, Row referral) {
        String organisation = referral.getUUID("provider").toString();
        String id = referral.getUUID("referral_id").toString();
        String token = providerOf(organisation);
        String state = referral.getString("state");
        String what;
        Map<String, String> body = Map.of();
        if (state.equals("on-hold")) {
            what = "resumption";
        } else if (state.equals("accepted")) {
            what = random.nextInt(6) == 0 ? "pause" : "first-contact";
        } else if (manners.get(organisation) == Manner.PASSES_ON) {
            what = "transfer";
        } else if (random.nextInt(4) == 0) {
            what = "completion";
        } else {
            return;
        }
        switch (what) {
            case "pause" -> body = Map.of("reason", "other");
            case "transfer" -> body = Map.of("reason", "no-longer-able");
            case "completion" -> body = Map.of("outcome", random.nextInt(6) == 0 ? "could-not-get-help" : "got-help");
            default -> {}
        }
        count(what + " " + country.change(token, id, what, body).statusCode());
    }

    private void count(String what) {
        happened.merge(what, 1, Integer::sum);
    }

    private String place = "";

    /** Deferred, so that it sees what each transaction commits: all its events, projections and deadlines together. */
    private void watch(String where) {
        place = where;
        run("create table quarter_watch (id bigint generated always as identity, step text, violation text)");
        run("create function quarter_look() returns trigger language plpgsql as $$ begin"
                + " if new.place = '" + where + "' then"
                + " insert into quarter_watch (step, violation) select r.step, case when r.ended_at is null and (r.step is null"
                + " or r.step_of is null or r.step_by is null or not exists (select from deadline d where"
                + " d.stream_id = 'referral-' || r.referral_id and d.name = 'next-step'))"
                + " then r.state || ' ' || coalesce(r.step, 'no step') || ' ' || r.referral_id end"
                + " from referral_view r where r.referral_id = new.referral_id; end if; return null; end $$");
        run("create constraint trigger quarter_look after insert or update on referral_view"
                + " deferrable initially deferred for each row execute function quarter_look()");
    }

    private void unwatch() {
        run("drop trigger quarter_look on referral_view");
        run("drop function quarter_look");
        run("drop table quarter_watch");
    }

    private long looked() {
        return rows("select count(*) as n from quarter_watch").iterator().next().getLong("n");
    }

    /** What was owed, and how often it was looked at. */
    private Map<String, Long> steps() {
        Map<String, Long> steps = new TreeMap<>();
        rows("select step, count(*) as n from quarter_watch where step is not null group by step")
                .forEach(row -> steps.put(row.getString("step"), row.getLong("n")));
        return steps;
    }

    private List<String> violations() {
        List<String> found = new ArrayList<>();
        rows("select violation from quarter_watch where violation is not null limit 10")
                .forEach(row -> found.add(row.getString("violation")));
        return found;
    }

    private List<Row> offers(String standing) {
        return ofThePlace("select o.* from offer_view o join referral_view r using (referral_id)"
                + " where r.place = $1 and r.ended_at is null and o.standing = '" + standing + "'");
    }

    private List<Row> accepted() {
        return ofThePlace("select * from referral_view where place = $1 and provider is not null and ended_at is null");
    }

    private List<Row> failedBefore() {
        return ofThePlace(
                "select r.* from referral_view r join task_view t using (referral_id)"
                        + " where r.place = $1 and r.ended_at is null and t.reason = 'other-need-failed' and t.settled_at is null");
    }

    private Map<String, Long> states(String where) {
        Map<String, Long> states = new TreeMap<>();
        ofThePlace("select state, count(*) as n from referral_view where place = $1 group by state")
                .forEach(row -> states.put(row.getString("state"), row.getLong("n")));
        return states;
    }

    private long number(String sql) {
        return ofThePlace(sql).getFirst().getLong(0);
    }

    private List<Row> ofThePlace(String sql) {
        List<Row> found = new ArrayList<>();
        pool.preparedQuery(sql)
                .execute(Tuple.of(place))
                .await()
                .atMost(Duration.ofSeconds(10))
                .forEach(found::add);
        return found;
    }

    private RowSet<Row> rows(String sql) {
        return pool.query(sql).execute().await().atMost(Duration.ofSeconds(10));
    }

    private void run(String sql) {
        rows(sql);
    }
}
