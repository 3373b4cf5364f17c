package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How many detections identification takes a second over HTTP, beside what the same PostgreSQL takes in single-row
 * inserts of about the same size in the same run. Everything shares one machine, the clients too. Bounded: about a minute.
 */
@Tag("bench")
class RoadBench {
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration MEASURE = Duration.ofSeconds(8);
    private static final List<Integer> CLIENTS = List.of(1, 16);
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Measured(String what, int clients, double perSecond, double p50, double p99) {}

    private interface Client {
        void once() throws Exception;
    }

    private interface ClientFactory {
        Client make(int number) throws Exception;
    }

    private final RunningPlatform platform = RunningPlatform.get();

    @Test
    void detectionsBesideRawInserts() throws Exception {
        createRawTable();
        var results = new ArrayList<Measured>();
        for (int clients : CLIENTS) {
            results.add(measure("raw insert", clients, this::inserting));
            results.add(measure("detection", clients, this::detecting));
        }
        print(results);
        write(results);
        assertThat(results).allMatch(result -> result.perSecond() > 0);
    }

    private Measured measure(String what, int clients, ClientFactory factory) throws Exception {
        run(clients, factory, WARM_UP);
        var latencies = run(clients, factory, MEASURE);
        Arrays.sort(latencies);
        return new Measured(
                what,
                clients,
                latencies.length / (double) MEASURE.toSeconds(),
                latencies[latencies.length / 2] / 1e6,
                latencies[(int) (latencies.length * 0.99)] / 1e6);
    }

    /** @return nanoseconds of each call */
    private static long[] run(int clients, ClientFactory factory, Duration time) throws Exception {
        try (var pool = Executors.newFixedThreadPool(clients)) {
            var end = System.nanoTime() + time.toNanos();
            var runs = new ArrayList<Future<long[]>>();
            for (int i = 0; i < clients; i++) {
                var client = factory.make(i);
                runs.add(pool.submit((Callable<long[]>) () -> {
                    var latencies = new ArrayList<Long>();
                    while (System.nanoTime() < end) {
                        var begun = System.nanoTime();
                        client.once();
                        latencies.add(System.nanoTime() - begun);
                    }
                    return latencies.stream().mapToLong(Long::longValue).toArray();
                }));
            }
            var all = new ArrayList<long[]>();
            for (var one : runs) {
                all.add(one.get());
            }
            return all.stream().flatMapToLong(Arrays::stream).toArray();
        }
    }

    private Client detecting(int number) {
        var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        // Straight to the service: the gateway is part of the one-machine set-up only.
        var address = URI.create("http://127.0.0.1:" + (platform.portBase() + 1) + "/identification/cases");
        var body = Cases.detection("BI-GI").toString();
        var token = platform.client().token("terrain-gitega");
        return () -> {
            var answer = http.send(
                    HttpRequest.newBuilder(address)
                            .header("Content-Type", "application/json")
                            .header("Authorization", "Bearer " + token)
                            .header("Idempotency-Key", RunningPlatform.newKey())
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != 201) {
                throw new IllegalStateException("client " + number + ": " + answer.statusCode() + " " + answer.body());
            }
        };
    }

    private Client inserting(int number) throws SQLException {
        Connection connection = platform.database("identification");
        var insert = connection.prepareStatement("insert into bench.raw (payload) values (?)");
        var payload = Cases.detection("BI-GI").toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return () -> {
            insert.setBytes(1, payload);
            if (insert.executeUpdate() != 1) {
                throw new IllegalStateException("client " + number + " inserted nothing");
            }
        };
    }

    private void createRawTable() throws SQLException {
        try (var connection = platform.database("identification");
                var statement = connection.createStatement()) {
            statement.execute("create schema if not exists bench");
            statement.execute("create table bench.raw"
                    + " (id bigint generated always as identity primary key, payload bytea not null)");
        }
    }

    private static void print(List<Measured> results) {
        System.out.printf("%-12s %8s %12s %9s %9s%n", "what", "clients", "per second", "p50 ms", "p99 ms");
        for (Measured one : results) {
            System.out.printf(
                    "%-12s %8d %12.0f %9.2f %9.2f%n", one.what(), one.clients(), one.perSecond(), one.p50(), one.p99());
        }
    }

    private static void write(List<Measured> results) throws IOException {
        ObjectNode report = JSON.createObjectNode();
        report.put("bench", "road");
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.put("warmUpSeconds", WARM_UP.toSeconds());
        report.put("measuredSeconds", MEASURE.toSeconds());
        report.set("results", JSON.valueToTree(results));
        var file = RunningPlatform.root().resolve("target/bench/road.json");
        Files.createDirectories(file.getParent());
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
        System.out.println("written to " + file);
    }
}
