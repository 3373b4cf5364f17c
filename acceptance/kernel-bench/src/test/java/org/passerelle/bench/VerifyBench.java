package org.passerelle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.io.InputStream;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.LogTree;
import org.passerelle.eventsourcing.Proving;
import org.passerelle.eventsourcing.Witness;
import org.passerelle.eventsourcing.testkit.TestStore;
import org.passerelle.local.Backends;
import org.passerelle.proof.AddCheckpoint;
import org.passerelle.proof.Attestation;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.LogExport;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.NoteSigner;
import org.passerelle.proof.Trust;
import org.passerelle.proof.Verification;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/** How long it takes to prove, to export and to verify a log, HMACs included. */
@Tag("bench")
class VerifyBench {

    private static final int EVENTS = Integer.getInteger("bench.events", 1_000_000);
    private static final int BATCH = 20_000;
    private static final int PER_STREAM = 30;
    private static final String SERVICE = "bench";
    private static final byte[] BY =
            "{\"issuer\":\"bench\",\"subject\":\"client\",\"organisation\":null,\"correlationId\":\"0000\"}"
                    .getBytes(StandardCharsets.UTF_8);
    private static final byte[] DATA = ("{\"text\":\"" + "x".repeat(420) + "\"}").getBytes(StandardCharsets.UTF_8);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final byte[] macKey = key(1);
    private final NoteSigner logKey = NoteSigner.of(Checkpoint.log(SERVICE), NoteKey.Type.NOTE, key(2));
    private final NoteSigner witnessKey = NoteSigner.of(Checkpoint.witness("other"), NoteKey.Type.COSIGNATURE, key(3));
    private final TestStore db = new TestStore();

    private static byte[] key(int filled) {
        byte[] key = new byte[NoteSigner.SEED];
        Arrays.fill(key, (byte) filled);
        return key;
    }

    @Test
    void aMillionEvents() throws Exception {
        Backends backends = Backends.shared();
        Path file = Files.createTempFile("export", ".log");
        try (Connection database =
                DriverManager.getConnection(backends.jdbcUrl(db.database), backends.user(), backends.password())) {
            fill(database);
            long since = System.nanoTime();
            Proving proving =
                    new Proving(db.pool, SERVICE, logKey, () -> Uni.createFrom().item(true));
            while (proving.step().await().atMost(LONG) > 0) {}
            Thread.sleep(Proving.SIGN_EVERY.toMillis());
            proving.step().await().atMost(LONG);
            told("prove", since + Proving.SIGN_EVERY.toNanos());
            LogTree.State state =
                    new LogTree(db.pool).state().await().atMost(LONG).orElseThrow();
            assertThat(state.signedSize()).isEqualTo(EVENTS);
            Witness witness = new Witness(db.pool, witnessKey, List.of(logKey.key()), Clock.systemUTC());
            assertThat(witness.add(new AddCheckpoint(0, List.of(), state.note()).text())
                            .await()
                            .atMost(LONG))
                    .isInstanceOf(Witness.Answer.Cosigned.class);
            since = System.nanoTime();
            try (var to = Files.newOutputStream(file)) {
                LogExport.write(database, SERVICE, to);
            }
            told("export", since);
            verify(file);
        } finally {
            Files.delete(file);
            db.close();
        }
    }

    private void verify(Path file) throws Exception {
        var notes =
                Witness.checkpoints(db.pool, Checkpoint.log(SERVICE)).await().atMost(LONG);
        var trust = new Trust(List.of(witnessKey.key()), List.of(logKey.key()), List.of(macKey), 1L);
        var threads = ManagementFactory.getThreadMXBean();
        for (int round = 0; round < 3; round++) {
            long since = System.nanoTime();
            long cpu = threads.getCurrentThreadCpuTime();
            try (InputStream from = Files.newInputStream(file)) {
                var report = Verification.verify(from, notes, trust);
                assertThat(report.findings()).isEmpty();
                assertThat(report.proven()).isEqualTo(EVENTS);
            }
            System.out.printf(
                    "verify of %,d events, %,d MB: %.1f s, of one core %.1f s%n",
                    EVENTS,
                    Files.size(file) / 1_000_000,
                    (System.nanoTime() - since) / 1e9,
                    (threads.getCurrentThreadCpuTime() - cpu) / 1e9);
        }
    }

    private static void told(String what, long since) {
        double seconds = (System.nanoTime() - since) / 1e9;
        System.out.printf("%s: %.1f s, %,.0f events/s%n", what, seconds, EVENTS / seconds);
    }

    private void fill(Connection database) throws Exception {
        CopyManager copy = new CopyManager(database.unwrap(BaseConnection.class));
        var attesting = new Attestation.Maker(SERVICE, macKey);
        long attested = 0;
        for (int from = 1; from <= EVENTS; from += BATCH) {
            StringBuilder rows = new StringBuilder(BATCH * 1_200);
            for (int id = from; id < from + BATCH && id <= EVENTS; id++) {
                String stream = "bench-" + (id - 1) / PER_STREAM;
                long version = (id - 1) % PER_STREAM + 1;
                long since = System.nanoTime();
                byte[] attestation = attesting.attest(stream, version, "added", 1, DATA, BY);
                attested += System.nanoTime() - since;
                rows.append(id).append('\t').append(stream).append('\t').append(version);
                rows.append("\tadded\t1\t").append(hex(DATA)).append('\t').append(hex(BY));
                rows.append("\t2026-11-22 12:00:00.123456+00\t")
                        .append(hex(attestation))
                        .append('\n');
            }
            copy.copyIn(
                    "copy event (id, stream_id, version, type, schema_version, data, metadata, recorded_at, attestation)"
                            + " from stdin",
                    new StringReader(rows.toString()));
        }
        try (var statement = database.createStatement()) {
            statement.execute("insert into log select id, id from event");
            statement.execute("analyze");
        }
        System.out.printf("attest: %.2f us an event%n", attested / 1e3 / EVENTS);
    }

    private static String hex(byte[] bytes) {
        return "\\\\x" + HexFormat.of().formatHex(bytes);
    }
}
