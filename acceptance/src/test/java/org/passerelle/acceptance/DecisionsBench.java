package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.AccessPolicy;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Membership;
import org.passerelle.edge.Relation;
import org.passerelle.edge.Role;

/**
 * How many access decisions a core makes a second, and what a request pays for being decided: two operations that read the
 * same table of the same service, one behind login, quota, memberships and policy, the other open to anybody. One client;
 * they take turns. About a minute, and the start of the platform.
 */
@Tag("bench")
class DecisionsBench {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration TURN = Duration.ofSeconds(2);
    private static final int ROUNDS = 5;
    /** An account may send 600 requests at once: those of the warm-up and of all rounds. */
    private static final int WARM_UP_REQUESTS = 150;

    private static final int REQUESTS = 80;
    private static final int BATCH = 1_000;

    /** As the page of the kernel's bench has them; must and goal are of the ratio. */
    private record Case(
            String name,
            double ours,
            double reference,
            String unit,
            double ratio,
            double must,
            double goal,
            boolean met) {

        static Case atLeast(String name, double ours, double reference, String unit, double must, double goal) {
            double ratio = ours / reference;
            return new Case(name, ours, reference, unit, ratio, must, goal, ratio >= must);
        }

        static Case atMost(String name, double ours, double reference, String unit, double must, double goal) {
            double ratio = ours / reference;
            return new Case(name, ours, reference, unit, ratio, must, goal, ratio <= must);
        }
    }

    private interface Work {
        void once() throws Exception;
    }

    private final RunningPlatform platform = RunningPlatform.get();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private int permitted;

    @Test
    void decisionsAndWhatARequestPays() throws Exception {
        String service = "http://127.0.0.1:" + (platform.portBase() + 1) + "/identification";
        String token = platform.client().token("audit");
        Work open = asking(service + "/proof/witness/last-checkpoints?log=none", "");
        Work decided = asking(service + "/proof/witness/checkpoints?log=none", "Bearer " + token);
        Work policy = deciding();
        run(policy, WARM_UP);
        times(open, WARM_UP_REQUESTS);
        times(decided, WARM_UP_REQUESTS);
        List<Double> openings = new ArrayList<>();
        List<Double> decisions = new ArrayList<>();
        List<long[]> openTimes = new ArrayList<>();
        List<long[]> decidedTimes = new ArrayList<>();
        List<long[]> policyTimes = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            openTimes.add(times(open, REQUESTS));
            openings.add(REQUESTS * 1e9 / Arrays.stream(openTimes.getLast()).sum());
            decidedTimes.add(times(decided, REQUESTS));
            policyTimes.add(run(policy, TURN));
            decisions.add(policyTimes.getLast().length * (double) BATCH / TURN.toSeconds());
        }
        List<Case> cases = List.of(
                Case.atLeast(
                        "decisions of one core beside open requests of one client",
                        median(decisions),
                        median(openings),
                        "per second",
                        10,
                        100),
                Case.atMost(
                        "request that is decided, p50",
                        at(decidedTimes, 0.5) / 1e6,
                        at(openTimes, 0.5) / 1e6,
                        "ms",
                        4,
                        2),
                Case.atMost(
                        "request that is decided, p99",
                        at(decidedTimes, 0.99) / 1e6,
                        at(openTimes, 0.99) / 1e6,
                        "ms",
                        4,
                        2));
        System.out.printf(
                "one decision: p50 %.2f us, p99 %.2f us (means of %d)%n",
                at(policyTimes, 0.5) / 1e3 / BATCH, at(policyTimes, 0.99) / 1e3 / BATCH, BATCH);
        print(cases);
        write(cases);
        assertThat(permitted).as("some were permitted").isPositive();
        assertThat(cases).allMatch(one -> one.ours() > 0 && one.reference() > 0);
    }

    private Work asking(String address, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        HttpRequest one = request.build();
        return () -> {
            int status = http.send(one, BodyHandlers.ofByteArray()).statusCode();
            if (status != 200) {
                throw new IllegalStateException(address + ": " + status);
            }
        };
    }

    /** What a request decides once its rows are read: who acts as what, whether ever, and what of the case is seen. */
    private Work deciding() {
        AccessPolicy policy = AccessPolicy.shipped();
        List<Set<Role>> roles = List.of(
                Set.of(Role.CASE_WORKER), Set.of(Role.PARTNER_SYSTEM, Role.PROVIDER), Set.of(Role.POLICE_INVESTIGATOR));
        List<String> actions = List.of("case.read", "case.need", "referral.read", "plan.read");
        Relation[] relations = Relation.values();
        return () -> {
            for (int i = 0; i < BATCH; i++) {
                Set<Role> held = roles.get(i % roles.size());
                Optional<Caller> caller = Membership.caller(
                        new Membership.Claims("issuer", "subject", "here", held),
                        List.of(new Membership.Standing("here", held, false, false, false, false)),
                        false);
                String action = actions.get(i % actions.size());
                Relation relation = relations[i % relations.length];
                if (caller.isPresent()
                        && policy.mayEver(caller.get(), action)
                        && policy.decide(caller.get(), action, relation, false).permitted()) {
                    permitted++;
                }
            }
        };
    }

    /** @return nanoseconds of each */
    private static long[] run(Work work, Duration time) throws Exception {
        List<Long> times = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            long begun = System.nanoTime();
            work.once();
            times.add(System.nanoTime() - begun);
        }
        return times.stream().mapToLong(Long::longValue).toArray();
    }

    /** @return nanoseconds of each */
    private static long[] times(Work work, int count) throws Exception {
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            long begun = System.nanoTime();
            work.once();
            times[i] = System.nanoTime() - begun;
        }
        return times;
    }

    private static double at(List<long[]> rounds, double share) {
        return median(rounds.stream()
                .map(times -> {
                    long[] sorted = times.clone();
                    Arrays.sort(sorted);
                    return (double) sorted[(int) (sorted.length * share)];
                })
                .toList());
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private static void print(List<Case> cases) {
        System.out.println("| case | ours | reference | unit | ratio | must | goal | met |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (Case one : cases) {
            System.out.printf(
                    "| %s | %,.2f | %,.2f | %s | %.2f | %.0f | %.0f | %s |%n",
                    one.name(),
                    one.ours(),
                    one.reference(),
                    one.unit(),
                    one.ratio(),
                    one.must(),
                    one.goal(),
                    one.met() ? "yes" : "**no**");
        }
    }

    private static void write(List<Case> cases) throws IOException {
        var rows = cases.stream()
                .map(one -> JSON.createObjectNode()
                        .put("case", one.name())
                        .put("ours", one.ours())
                        .put("reference", one.reference())
                        .put("unit", one.unit())
                        .put("ratio", one.ratio())
                        .put("must", one.must())
                        .put("goal", one.goal())
                        .put("met", one.met()))
                .toList();
        var file = RunningPlatform.root().resolve("target/bench/decisions.json");
        Files.createDirectories(file.getParent());
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), rows);
        System.out.println("written to " + file);
    }
}
