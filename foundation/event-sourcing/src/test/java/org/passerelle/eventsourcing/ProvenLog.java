package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.smallrye.mutiny.Uni;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.passerelle.eventsourcing.testkit.TestStore;
import org.passerelle.local.Backends;
import org.passerelle.proof.Attestation;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.Finding;
import org.passerelle.proof.LogExport;
import org.passerelle.proof.Note;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.NoteSigner;
import org.passerelle.proof.Trust;
import org.passerelle.proof.Verification;

/** A log with everything that proves it, and a witness with a database of its own, over HTTP as between services. */
final class ProvenLog implements AutoCloseable {

    /** How many {@link #history} has. */
    static final int EVENTS = 600;

    static final String SERVICE = "sample";
    static final byte[] MAC_KEY = seed(1);
    static final NoteSigner LOG_KEY = NoteSigner.of(Checkpoint.log(SERVICE), NoteKey.Type.NOTE, seed(2));
    static final NoteSigner WITNESS_KEY = NoteSigner.of(Checkpoint.witness("other"), NoteKey.Type.COSIGNATURE, seed(3));
    static final Metadata ME = Metadata.system("test");

    private static final Duration LIMIT = Duration.ofSeconds(20);

    final TestStore db = new TestStore();
    final TestStore other = new TestStore();
    final EventStore store =
            new EventStore(db.pool, List.of(), () -> {}, 0, null, new Attestation.Maker(SERVICE, MAC_KEY));
    final Witness witness = new Witness(other.pool, WITNESS_KEY, List.of(LOG_KEY.key()), Clock.systemUTC());
    Sequencer sequencer = new Sequencer(db.pool);
    Proving proving = proving();
    final Witnessing witnessing;
    final List<Witnessing.Other> witnesses;
    /** What the witness tells of what it remembers, where that is not the truth. */
    final AtomicReference<Optional<String>> says = new AtomicReference<>(Optional.empty());

    private final HttpServer http;

    ProvenLog() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/add-checkpoint", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            record Plain(int status, String type, String text) {}
            Plain answer = switch (witness.add(body).await().atMost(LIMIT)) {
                case Witness.Answer.Cosigned cosigned -> new Plain(200, "text/plain", cosigned.lines());
                case Witness.Answer.Malformed malformed -> new Plain(400, "text/plain", "-");
                case Witness.Answer.NotTrusted notTrusted -> new Plain(403, "text/plain", "-");
                case Witness.Answer.UnknownLog unknown -> new Plain(404, "text/plain", "-");
                case Witness.Answer.Knows knows -> new Plain(409, "text/x.tlog.size", knows.size() + "\n");
                case Witness.Answer.NotProven notProven -> new Plain(422, "text/plain", "-");
            };
            exchange.getResponseHeaders().add("Content-Type", answer.type());
            byte[] bytes = answer.text().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        http.createContext("/last-checkpoints", exchange -> {
            String told = says.get()
                    .orElseGet(() -> Witness.last(other.pool, Checkpoint.log(SERVICE)).await().atMost(LIMIT).stream()
                            .map(Note::format)
                            .collect(Collectors.joining("\n")));
            byte[] bytes = told.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        http.start();
        witnesses = List.of(new Witnessing.Other(
                URI.create("http://127.0.0.1:" + http.getAddress().getPort()), WITNESS_KEY.key()));
        witnessing = new Witnessing(db.pool, witnesses);
    }

    static byte[] seed(int filled) {
        byte[] seed = new byte[NoteSigner.SEED];
        Arrays.fill(seed, (byte) filled);
        return seed;
    }

    /** As a process has it that has just started. */
    Proving proving() {
        return new Proving(db.pool, SERVICE, LOG_KEY, () -> Uni.createFrom().item(true), Duration.ZERO);
    }

    /** Another process, that remembers nothing. */
    void restart() {
        sequencer.stop().await().atMost(LIMIT);
        sequencer = new Sequencer(db.pool);
        proving.stop().await().atMost(LIMIT);
        proving = proving();
    }

    /** So many events, spread over streams that go on. */
    void append(int events) {
        for (int i = 0; i < events; i++) {
            store.handle(
                            Counter.KIND,
                            Counter.KIND.stream("s" + i % 7),
                            new Counter.Add(i + 1),
                            ExpectedVersion.any(),
                            ME)
                    .await()
                    .atMost(LIMIT);
        }
    }

    void sequence() {
        while (step(sequencer) > 0) {}
    }

    /** Orders, proves, signs. */
    void prove() {
        sequence();
        while (step(proving) > 0) {}
    }

    void witness() {
        step(witnessing);
    }

    void appendAndWitness(int events) {
        append(events);
        prove();
        witness();
    }

    /** Several checkpoints over {@link #EVENTS} events, in the middle of tiles and on their edges. */
    void history() {
        appendAndWitness(100);
        appendAndWitness(156);
        appendAndWitness(344);
        assertThat(verify(true).findings()).isEmpty();
        assertThat(verify(true).proven()).isEqualTo(EVENTS);
    }

    /** With all rights on the database. */
    void sql(String sql) {
        db.query(sql);
    }

    static List<Finding> of(Verification.Report report, Finding.Kind kind) {
        return report.findings().stream()
                .filter(finding -> finding.kind() == kind)
                .toList();
    }

    static boolean names(Verification.Report report, Finding.Kind kind, long seq) {
        return of(report, kind).stream().anyMatch(finding -> finding.from() <= seq && seq <= finding.to());
    }

    static int step(Loop.Step step) {
        return step.step().await().atMost(LIMIT);
    }

    Witnessing.Verdict verdict() {
        return witnessing.verdicts().getOrDefault(WITNESS_KEY.key().name(), Witnessing.Verdict.UNKNOWN);
    }

    byte[] export() {
        Backends backends = Backends.shared();
        try (var connection =
                DriverManager.getConnection(backends.jdbcUrl(db.database), backends.user(), backends.password())) {
            var to = new ByteArrayOutputStream();
            LogExport.write(connection, SERVICE, to);
            return to.toByteArray();
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the witness gives to whoever asks. */
    List<Note> seen() {
        return Witness.checkpoints(other.pool, Checkpoint.log(SERVICE)).await().atMost(LIMIT);
    }

    /** As an auditor: who knows the witness's key and, perhaps, that of the HMAC. */
    Verification.Report verify(boolean withMacKey) {
        return verify(new Trust(
                List.of(WITNESS_KEY.key()), List.of(LOG_KEY.key()), withMacKey ? List.of(MAC_KEY) : List.of(), null));
    }

    Verification.Report verify(Trust trust) {
        try {
            return Verification.verify(new ByteArrayInputStream(export()), seen(), trust);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The witness is gone. */
    void leave() {
        http.stop(0);
    }

    @Override
    public void close() {
        http.stop(0);
        witnessing.stop().await().atMost(LIMIT);
        db.close();
        other.close();
    }
}
