package org.passerelle.referral.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.routing.InventedDirectory.Asked;
import org.passerelle.referral.routing.RoutingBySql.Way;

/**
 * How long it takes to choose among a directory's services with the reason for each, from memory on one core, beside one
 * SQL query over indexed tables on PostgreSQL ({@link RoutingBySql}); turn by turn, for directories of a thousand to a million services. The
 * query keeps and leaves out the same services, and orders them by whether something is to be asked, place, distance, room
 * and promise: of the other soft rules it knows nothing. What a decision costs besides (consent, free units, what is known of earlier answers, the append) is not in it. {@code -Dbench.needs=…} sets how many needs the
 * directory of 100 000 is asked.
 */
@Tag("bench")
class RoutingBench {

    static final LocalDate DAY = LocalDate.parse("2026-11-20");
    private static final int NEEDS = Integer.getInteger("bench.needs", 1_000_000);
    private static final long SEED = Long.getLong("seed", 20_261_122);
    private static final int TURNS = 5;
    private static final int WARM_UP = 5_000;
    /** So many needs are asked of SQL in all: it takes milliseconds for each. */
    private static final int BY_SQL = Integer.getInteger("bench.sql-needs", 1_000);

    private static final int MAIN = 100_000;
    private static final ConsentTerms ANYBODY = new ConsentTerms(true, true, Set.of(), true, false, Set.of());

    /** @param services in so many places, of countries of 37 places each */
    private record Case(String name, int services, int places, int needs, int bySql) {}

    /** Times in nanoseconds. */
    private record Times(long[] sorted, double seconds) {

        static Times of(long[] taken, double seconds) {
            long[] sorted = taken.clone();
            Arrays.sort(sorted);
            return new Times(sorted, seconds);
        }

        double micros(double quantile) {
            return sorted[(int) Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] / 1e3;
        }

        double perSecond() {
            return sorted.length / seconds;
        }
    }

    private record Measured(Case of, double megabytes, double verdicts, Times ours, Map<Way, Times> sql) {

        Times sql(Way way) {
            return Objects.requireNonNull(sql.get(way));
        }
    }

    private final List<Map<String, Object>> cases = new ArrayList<>();
    private final StringBuilder lines = new StringBuilder(
            "| case | ours | reference | unit | ratio | must | goal | met |\n|---|---|---|---|---|---|---|---|\n");

    @Test
    void decisionsFromMemoryBesideSql() throws Exception {
        List<Measured> measured = new ArrayList<>();
        for (Case one : List.of(
                new Case("a province", 1_000, 37, NEEDS / 10, BY_SQL),
                new Case("a country", 10_000, 37, NEEDS / 10, BY_SQL),
                new Case("ten countries", MAIN, 370, NEEDS, BY_SQL),
                new Case("the world", 1_000_000, 3_700, NEEDS / 10, BY_SQL / 5),
                new Case("all in one country", MAIN, 37, NEEDS / 40, BY_SQL / 5))) {
            measured.add(measure(one));
        }
        Measured main = measured.get(2);
        Measured large = measured.get(3);
        atMost("100 000 services, p99", main.ours().micros(0.99) / 1e3, 1, "ms");
        faster(
                "100 000 services, beside SQL over services, sites and areas",
                main.ours().perSecond(),
                main.sql(Way.TABLES).perSecond(),
                "decisions/s",
                50);
        faster(
                "100 000 services, beside SQL with a table of keys made for it",
                main.ours().perSecond(),
                main.sql(Way.KEYS).perSecond(),
                "decisions/s",
                50);
        atMost(
                "10 times the services (100 000 to 1 000 000), a local need takes so many times as long",
                large.ours().micros(0.5) / main.ours().micros(0.5),
                10,
                "times");
        write(table(measured));
    }

    private static Measured measure(Case of) throws SQLException {
        long before = used();
        InventedDirectory directory = new InventedDirectory(SEED, of.services(), of.places());
        RoutingIndex index = new RoutingIndex(directory.places());
        List<Candidate> all = directory.services();
        for (Candidate candidate : all) {
            index.put(candidate.organisation(), List.of(candidate));
        }
        double megabytes = (used() - before) / 1e6;
        RoutingPolicy policy = new RoutingPolicy(directory.places(), ShippedWeights.TABLE);
        Circumstances known = directory.circumstances();
        Random random = new Random(SEED);
        for (int need = 0; need < WARM_UP; need++) {
            decide(index, policy, directory.asked(random, known));
        }
        try (RoutingBySql sql = new RoutingBySql(directory, all)) {
            check(index, policy, sql, directory, known);
            long[] ours = new long[of.needs()];
            Map<Way, long[]> theirs = new EnumMap<>(Way.class);
            Map<Way, Double> theirSeconds = new EnumMap<>(Way.class);
            double seconds = 0;
            long verdicts = 0;
            for (int turn = 0; turn < TURNS; turn++) {
                for (Way way : Way.values()) {
                    long[] taken = theirs.computeIfAbsent(way, none -> new long[of.bySql()]);
                    long started = System.nanoTime();
                    for (int at = turn * taken.length / TURNS; at < (turn + 1) * taken.length / TURNS; at++) {
                        Asked asked = directory.asked(random, known);
                        long start = System.nanoTime();
                        sql.kept(way, asked);
                        taken[at] = System.nanoTime() - start;
                    }
                    theirSeconds.merge(way, (System.nanoTime() - started) / 1e9, Double::sum);
                }
                long begun = System.nanoTime();
                int until = (int) ((turn + 1L) * ours.length / TURNS);
                for (int at = (int) ((long) turn * ours.length / TURNS); at < until; at++) {
                    Asked asked = directory.asked(random, known);
                    long start = System.nanoTime();
                    Ranking ranking = decide(index, policy, asked);
                    ours[at] = System.nanoTime() - start;
                    verdicts += ranking.kept().size() + ranking.leftOut().size();
                }
                seconds += (System.nanoTime() - begun) / 1e9;
            }
            Map<Way, Times> sqlTimes = new EnumMap<>(Way.class);
            theirs.forEach(
                    (way, taken) -> sqlTimes.put(way, Times.of(taken, Objects.requireNonNull(theirSeconds.get(way)))));
            Measured measured =
                    new Measured(of, megabytes, (double) verdicts / of.needs(), Times.of(ours, seconds), sqlTimes);
            System.out.println(row(measured));
            return measured;
        }
    }

    private static Ranking decide(RoutingIndex index, RoutingPolicy policy, Asked asked) {
        Need need = asked.need();
        Shortlist shortlist = index.shortlist(need.service(), need.place(), DAY, List.of());
        return policy.rank(need, shortlist, ANYBODY, PriorAnswers.NONE, asked.known());
    }

    /** What is compared gives the same services, by all rules of which the query knows. */
    private static void check(
            RoutingIndex index,
            RoutingPolicy policy,
            RoutingBySql sql,
            InventedDirectory directory,
            Circumstances known)
            throws SQLException {
        Random random = new Random(SEED + 1);
        Set<String> leftOutBy = new TreeSet<>();
        for (int need = 0; need < 50; need++) {
            Asked asked = directory.asked(random, known);
            Ranking ranking = decide(index, policy, asked);
            List<ServiceId> ours = ranking.kept().stream().map(Verdict::service).toList();
            ranking.leftOut().forEach(verdict -> verdict.reasons().forEach(reason -> leftOutBy.add(reason.code())));
            for (Way way : Way.values()) {
                assertThat(sql.kept(way, asked)).containsExactlyInAnyOrderElementsOf(ours);
            }
        }
        assertThat(leftOutBy)
                .contains(
                        "out.status.inactive",
                        "out.sex",
                        "out.too-young",
                        "out.too-old",
                        "out.urgency",
                        "out.circumstances",
                        Ranking.NOT_WITH,
                        Avoidance.UNSAFE,
                        Avoidance.CONFLICT,
                        Ranking.FULL);
    }

    /** After a collection. */
    private static long used() {
        for (int time = 0; time < 3; time++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private void faster(String name, double ours, double reference, String unit, double must) {
        add(name, ours, reference, unit, ours / reference, must, ours / reference >= must);
    }

    private void atMost(String name, double ours, double limit, String unit) {
        add(name, ours, limit, unit, ours / limit, 1, ours <= limit);
    }

    private void add(String name, double ours, double reference, String unit, double ratio, double must, boolean met) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("case", name);
        one.put("ours", ours);
        one.put("reference", reference);
        one.put("unit", unit);
        one.put("ratio", ratio);
        one.put("must", must);
        one.put("goal", must);
        one.put("met", met);
        cases.add(one);
        lines.append("| %s | %s | %s | %s | %.2f | %.2f | %.2f | %s |%n"
                .formatted(name, number(ours), number(reference), unit, ratio, must, must, met ? "yes" : "**no**"));
    }

    private static String table(List<Measured> measured) {
        StringBuilder text =
                new StringBuilder("\n| directory | services | places | index, MB | services explained, mean"
                        + " | p50, µs | p99, µs | decisions/s | needs | SQL p50, µs | SQL p99, µs | SQL/s"
                        + " | with keys p50, µs | with keys p99, µs | with keys/s |\n"
                        + "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        measured.forEach(one -> text.append(row(one)).append('\n'));
        return text.toString();
    }

    private static String row(Measured one) {
        return "| %s | %,d | %,d | %s | %s | %s | %s | %s | %,d | %s | %s | %s | %s | %s | %s |"
                .formatted(
                        one.of().name(),
                        one.of().services(),
                        one.of().places(),
                        number(one.megabytes()),
                        number(one.verdicts()),
                        number(one.ours().micros(0.5)),
                        number(one.ours().micros(0.99)),
                        number(one.ours().perSecond()),
                        one.of().needs(),
                        number(one.sql(Way.TABLES).micros(0.5)),
                        number(one.sql(Way.TABLES).micros(0.99)),
                        number(one.sql(Way.TABLES).perSecond()),
                        number(one.sql(Way.KEYS).micros(0.5)),
                        number(one.sql(Way.KEYS).micros(0.99)),
                        number(one.sql(Way.KEYS).perSecond()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.2f", value);
    }

    private void write(String growth) throws IOException {
        Path directory = Path.of(System.getProperty("passerelle.root", ".."), "target", "bench");
        Files.createDirectories(directory);
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(directory.resolve("routing.json").toFile(), cases);
        Files.writeString(directory.resolve("routing.md"), lines + growth);
        System.out.println(lines + growth);
    }
}
