package org.passerelle.referral.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.LocalBackends;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.referral.ShortEmergencies;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Circumstances;
import org.passerelle.referral.routing.ConsentTerms;
import org.passerelle.referral.routing.Need;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.routing.PriorAnswer;
import org.passerelle.referral.routing.PriorAnswers;
import org.passerelle.referral.routing.Ranking;
import org.passerelle.referral.routing.RoutingPolicy;
import org.passerelle.referral.routing.Shortlist;

/** The index answers what the tables answer, or says that it cannot. {@code -Dseed=…} replays one. */
@QuarkusTest
@QuarkusTestResource(LocalBackends.class)
@QuarkusTestResource(ShortEmergencies.class)
@Tag("routing")
class DirectoryIndexTest {

    private static final Metadata BY = Metadata.system("test");
    private static final int ORGANISATIONS = 12;
    private static final int ROUNDS = Integer.getInteger("passerelle.routing.rounds", 12);

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final RandomDirectory directory = new RandomDirectory(seed);

    @Inject
    Pool pool;

    @Inject
    EventStore store;

    @Inject
    RoutingPolicy routing;

    @Inject
    Places places;

    @Inject
    Candidates wired;

    /** One of its own that takes in changes only when it is told to. */
    private final DirectoryIndex index = new DirectoryIndex();

    private final Candidates candidates = new Candidates();

    @BeforeEach
    void begin() {
        System.out.println("routing: seed " + seed);
        index.pool = pool;
        index.places = places;
        candidates.index = index;
        candidates.clock = Clock.systemUTC();
        candidates.trusted = Duration.ofDays(7);
    }

    @AfterEach
    void takeBack() {
        for (int number = 0; number < ORGANISATIONS; number++) {
            UUID organisation = directory.organisation(number).value();
            run("delete from offer_view where organisation_id = $1", organisation);
            run("delete from organisation_standing where organisation = $1::uuid::text", organisation);
            list(number, 0);
        }
    }

    @Test
    void whateverTheDirectoryTheNeedAndTheConsentTheIndexAnswersWhatTheTablesAnswer() {
        list(0, 600);
        int fromMemory = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int change = directory.random.nextInt(4); change >= 0; change--) {
                int number = directory.random.nextInt(ORGANISATIONS);
                change(number);
                boolean took = directory.chance(3);
                if (took) {
                    catchUp(index);
                }
            }
            catchUp(index);
            for (int asked = 0; asked < 8; asked++) {
                Need need = directory.need();
                List<ServiceId> offered = offered();
                Shortlist found = fromMemory(pool, need.service(), need.place(), offered);
                assertThat(found).as("the index is up to date").isNotNull();
                Shortlist current = found.asking(offered);
                Shortlist tables =
                        await(candidates.ofType(pool, need.service())).asking(offered);
                ConsentTerms consent = directory.consent(ORGANISATIONS);
                PriorAnswers prior = new PriorAnswers(
                        Map.of(directory.organisation(directory.random.nextInt(ORGANISATIONS)), PriorAnswer.DECLINED),
                        Map.of());
                Circumstances beside = Circumstances.NONE.beside(directory.otherNeeds());
                Shortlist wiredIn = await(wired.around(pool, need.service(), need.place(), offered));
                Ranking expected = routing.rank(need, tables, consent, prior, beside);
                assertThat(routing.rank(need, current, consent, prior, beside)).isEqualTo(expected);
                assertThat(routing.rank(need, wiredIn, consent, prior, beside)).isEqualTo(expected);
                Set<Candidate> known = new HashSet<>(tables.candidates());
                assertThat(current.candidates()).doesNotHaveDuplicates().isSubsetOf(known);
                known.removeIf(candidate -> !offered.contains(candidate.service()));
                assertThat(current.candidates()).containsAll(known);
                fromMemory += current.candidates().size() < tables.candidates().size() ? 1 : 0;
            }
        }
        assertThat(fromMemory).as("needs that did not touch the whole type").isPositive();
        rebuiltIsTheSame();
    }

    private void rebuiltIsTheSame() {
        DirectoryIndex rebuilt = new DirectoryIndex();
        rebuilt.pool = pool;
        rebuilt.places = places;
        catchUp(rebuilt);
        for (ServiceType type : ServiceType.values()) {
            for (String place :
                    List.of("XW", "XW-2", "XW-7", "XV", "XU-1", "XW03", "XW030102", "BI", "BI-BM", "BI-BB", "BI001")) {
                Shortlist fed = listed(index, type, new PlaceCode(place));
                Shortlist anew = listed(rebuilt, type, new PlaceCode(place));
                assertThat(Set.copyOf(anew.candidates())).isEqualTo(Set.copyOf(fed.candidates()));
                assertThat(anew.candidates()).hasSameSizeAs(fed.candidates());
                assertThat(anew.elsewhere()).isEqualTo(fed.elsewhere());
                assertThat(anew.otherTypes()).isEqualTo(fed.otherTypes());
            }
        }
    }

    @Test
    void aChangeThatTheIndexDoesNotHoldYetIsNoticed() {
        list(0, 5);
        catchUp(index);
        assertThat(current(pool)).isTrue();
        list(1, 5);
        assertThat(current(pool)).isFalse();
        catchUp(index);
        assertThat(current(pool)).isTrue();
    }

    @Test
    void aChangeByAnOlderReleaseIsNoticed() {
        list(3, 5);
        catchUp(index);
        assertThat(current(pool)).isTrue();
        run(
                "update directory_organisation set type = 'LawEnforcement' where id = $1",
                directory.organisation(3).value());
        assertThat(current(pool)).isFalse();
        catchUp(index);
        assertThat(current(pool)).isTrue();
    }

    @Test
    void aChangeThatWasUnderWayWhenTheIndexWasMadeIsNoticedOnceItIsCommitted() {
        catchUp(index);
        SqlConnection writing = await(pool.getConnection());
        Transaction transaction = await(writing.begin());
        await(change(writing, 2));
        assertThat(current(writing)).as("who wrote it sees it").isFalse();
        catchUp(index);
        assertThat(current(pool)).as("others do not").isTrue();
        assertThat(current(writing)).isFalse();
        await(transaction.commit());
        await(writing.close());
        assertThat(current(pool)).isFalse();
        catchUp(index);
        assertThat(current(pool)).isTrue();
    }

    @Test
    void aSnapshotOfALaterLifeOfTheDatabaseIsNotBelieved() {
        catchUp(index);
        DirectoryIndex.Listed listed =
                Objects.requireNonNull(index.list(ServiceType.FOLLOW_UP, new PlaceCode("XW-2"), today(), List.of()));
        String later = listed.snapshot().replaceFirst(":[0-9]+:", ":9999999999999:");
        assertThat(await(candidates.asOfNow(pool, new DirectoryIndex.Listed(listed.shortlist(), later, listed.life()))))
                .isNull();
    }

    @Test
    void afterACrashTheIndexIsMadeAnew() {
        assertThat(await(pool.query(
                                        "select relpersistence::text as kept from pg_class where relname = 'directory_index_life'")
                                .execute())
                        .iterator()
                        .next()
                        .getString("kept"))
                .as("unlogged: a crash empties it")
                .isEqualTo("u");
        catchUp(index);
        assertThat(current(pool)).isTrue();
        DirectoryIndex.Listed before =
                Objects.requireNonNull(index.list(ServiceType.FOLLOW_UP, new PlaceCode("XW-2"), today(), List.of()));
        await(pool.query("delete from directory_index_life").execute());
        assertThat(await(candidates.asOfNow(pool, before))).isNull();
        assertThat(await(candidates.asOfNow(
                        pool, new DirectoryIndex.Listed(before.shortlist(), before.snapshot(), null))))
                .as("of an unknown life")
                .isNull();
        catchUp(index);
        assertThat(current(pool)).isTrue();
        assertThat(await(candidates.asOfNow(pool, before))).isNull();
    }

    @Test
    void inADatabaseThatWasCopiedFromOneThatHadCountedFurtherTheIndexIsBelievedAtOnce() {
        list(4, 5);
        await(pool.query("alter table directory_organisation disable trigger directory_entry_changed")
                .execute());
        run(
                "update directory_organisation set changed = '9999999999999' where id = $1",
                directory.organisation(4).value());
        await(pool.query("alter table directory_organisation enable trigger directory_entry_changed")
                .execute());
        DirectoryIndex anew = new DirectoryIndex();
        anew.pool = pool;
        anew.places = places;
        catchUp(anew);
        candidates.index = anew;
        assertThat(await(candidates.asOfNow(
                        pool,
                        Objects.requireNonNull(
                                anew.list(ServiceType.FOLLOW_UP, new PlaceCode("XW-2"), today(), List.of())))))
                .isNotNull();
        assertThat(await(anew.step())).as("nothing is taken in again").isZero();
    }

    @Test
    void aDirectoryThatIsTooLargeForTheMemoryIsReadFromTheTables() {
        list(5, 5);
        DirectoryIndex small = new DirectoryIndex();
        small.pool = pool;
        small.places = places;
        small.most = Optional.of(4L);
        assertThat(await(small.step())).isZero();
        assertThat(small.list(ServiceType.FOLLOW_UP, new PlaceCode("XW-2"), today(), List.of()))
                .isNull();

        small = new DirectoryIndex();
        small.pool = pool;
        small.places = places;
        catchUp(small);
        assertThat(small.list(ServiceType.FOLLOW_UP, new PlaceCode("XW-2"), today(), List.of()))
                .isNotNull();
        small.most = Optional.of(3L);
        list(5, 4);
        catchUp(small);
        assertThat(small.list(ServiceType.FOLLOW_UP, new PlaceCode("XW-2"), today(), List.of()))
                .as("it grew")
                .isNull();
    }

    @Test
    void aDirectoryOfSeveralPagesIsTakenInPageByPage() {
        await(pool.query("insert into directory_organisation (id, name) select (lpad(to_hex(n), 8, '0')"
                        + " || '-0000-4000-8000-00000000cafe')::uuid, 'Page ' || n from generate_series(1, 600) n")
                .execute());
        try {
            DirectoryIndex paged = new DirectoryIndex();
            paged.pool = pool;
            paged.places = places;
            assertThat(await(paged.step())).isEqualTo(500);
            assertThat(paged.list(ServiceType.FOLLOW_UP, new PlaceCode("XW-2"), today(), List.of()))
                    .as("half of it")
                    .isNull();
            catchUp(paged);
            assertThat(listed(paged, ServiceType.FOLLOW_UP, new PlaceCode("XW-2")))
                    .isNotNull();
        } finally {
            await(pool.query("delete from directory_organisation where id::text like '%cafe'")
                    .execute());
        }
    }

    /** As if something had been missed. */
    @Test
    void whatTheIndexMissedItReadsAgain() {
        list(6, 3);
        catchUp(index);
        int before = services();
        run(
                "delete from directory_site where organisation_id = $1",
                directory.organisation(6).value());
        run(
                "delete from directory_service where organisation_id = $1",
                directory.organisation(6).value());
        catchUp(index);
        assertThat(services()).isEqualTo(before);
        while (await(index.readAgain()) > 0 && services() == before) {
            // a page at a time
        }
        assertThat(services()).isEqualTo(before - 3);
    }

    private int services() {
        Shortlist of = listed(index, ServiceType.FOLLOW_UP, new PlaceCode("XW-2"));
        return of.candidates().size() + of.elsewhere() + of.otherTypes();
    }

    private boolean current(SqlClient client) {
        return fromMemory(client, ServiceType.FOLLOW_UP, new PlaceCode("XW-2"), List.of()) != null;
    }

    private @org.jspecify.annotations.Nullable Shortlist fromMemory(
            SqlClient client, ServiceType type, PlaceCode place, List<ServiceId> offered) {
        return candidates
                .asOfNow(client, Objects.requireNonNull(index.list(type, place, today(), offered)))
                .await()
                .atMost(Duration.ofSeconds(20));
    }

    private Shortlist listed(DirectoryIndex of, ServiceType type, PlaceCode place) {
        return Objects.requireNonNull(of.list(type, place, today(), List.of())).shortlist();
    }

    private static void catchUp(DirectoryIndex of) {
        while (await(of.step()) > 0) {
            // a page a step
        }
    }

    private void change(int number) {
        UUID organisation = directory.organisation(number).value();
        switch (directory.random.nextInt(4)) {
            case 0 ->
                run(
                        "insert into organisation_standing (organisation, suspended) values ($1::uuid::text, true)"
                                + " on conflict (organisation) do update set suspended = not organisation_standing.suspended",
                        organisation);
            case 1 ->
                run(
                        "insert into offer_view (offer_id, referral_id, organisation_id, service_id, standing, offered_at,"
                                + " answer_by, answered_at) select gen_random_uuid(), $1, organisation_id, id,"
                                + " (array['open', 'accepted', 'declined'])[1 + floor(random() * 3)], now(), now(), now()"
                                + " from directory_service where organisation_id = $1 limit 3",
                        organisation);
            default -> list(number, number == 0 ? 600 : directory.random.nextInt(6));
        }
    }

    /** Services that offers were made to, also ones that have left the directory. */
    private List<ServiceId> offered() {
        Set<ServiceId> services = new HashSet<>();
        services.add(new ServiceId(UUID.randomUUID()));
        await(pool.query("select service_id from offer_view order by offer_id limit 5")
                        .execute())
                .forEach(row -> services.add(new ServiceId(row.getUUID("service_id"))));
        return List.copyOf(services);
    }

    private void list(int number, int services) {
        await(store.handle(
                DirectoryStream.KIND,
                DirectoryStream.of(directory.organisation(number)),
                listing(number, services),
                ExpectedVersion.any(),
                BY));
    }

    private DirectoryStream.ListOrganisation listing(int number, int services) {
        return new DirectoryStream.ListOrganisation(directory.listing(number, services), Set.of(), Instant.now());
    }

    private Uni<?> change(SqlConnection tx, int number) {
        return store.handleIn(
                tx, DirectoryStream.KIND, DirectoryStream.of(directory.organisation(number)), listing(number, 5), BY);
    }

    private void run(String sql, UUID organisation) {
        await(pool.preparedQuery(sql).execute(Tuple.of(organisation)));
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(20));
    }

    private static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }
}
