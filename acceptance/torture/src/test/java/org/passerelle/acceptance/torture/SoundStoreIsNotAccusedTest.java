package org.passerelle.acceptance.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.acceptance.torture.history.Entry.Seen;
import org.passerelle.acceptance.torture.machine.Database;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.LogEntry;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.NewEvent;
import org.passerelle.eventsourcing.Sequencer;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;

/** The kernel itself, led into the same gaps as the broken stores. */
@Tag("torture")
class SoundStoreIsNotAccusedTest {

    private static Path directory;
    private static Database database;
    private static Vertx vertx;
    private static Pool pool;

    private final Sketch sketch = new Sketch();
    private final EventStore store = new EventStore(pool, List.of(), () -> {});
    private long cursor;

    @BeforeAll
    static void start() throws Exception {
        directory = Files.createTempDirectory("passerelle-sound-");
        Path root = Path.of(System.getProperty("passerelle.root", "../.."));
        database = new Database(
                root.resolve("deploy/local/target/postgres"), directory.resolve("postgres"), "sound-store");
        vertx = Vertx.vertx();
        pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(8))
                .connectingTo(new PgConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(database.port())
                        .setDatabase("torture")
                        .setUser(Database.ROLE)
                        .setPassword("sound-store"))
                .using(vertx)
                .build();
    }

    @AfterAll
    static void stop() {
        vertx.closeAndAwait();
        database.close();
        Run.delete(directory);
    }

    private static <T> T now(Uni<T> work) {
        return work.await().indefinitely();
    }

    private Append append(String token, String stream) {
        sketch.asked(token, stream);
        return new Append(
                List.of(new StreamAppend(
                        StreamId.parse(stream),
                        ExpectedVersion.any(),
                        List.of(new NewEvent("torture.added", 1, token.getBytes(StandardCharsets.UTF_8))),
                        List.of())),
                Metadata.system("torture"),
                null);
    }

    private static Seen seen(LogEntry entry) {
        return new Seen(
                entry.seq(),
                entry.event().stream().text(),
                entry.event().version(),
                new String(entry.event().data(), StandardCharsets.UTF_8));
    }

    private void read() {
        List<Seen> page = now(store.log(cursor, 100)).stream()
                .map(SoundStoreIsNotAccusedTest::seen)
                .toList();
        sketch.saw("reader", cursor, page);
        cursor = page.isEmpty() ? cursor : page.getLast().seq();
    }

    private static int step(Sequencer sequencer) {
        return now(sequencer.step());
    }

    @Test
    void slowAndOldTransactionsAndALeaderThatWakes() throws InterruptedException {
        Sequencer paused = new Sequencer(pool);
        Sequencer successor = new Sequencer(pool);
        assertThat(step(paused)).isZero();

        SqlConnection slow = now(pool.getConnection());
        Transaction old = now(slow.begin());
        now(slow.query("insert into noise (op) values ('older than what follows')")
                .execute());
        accept(
                "torture-a",
                1,
                "a1",
                now(store.append(append("a1", "torture-a"))).version());
        now(store.appendIn(slow, append("slow", "torture-c")));
        accept(
                "torture-b",
                1,
                "b1",
                now(store.append(append("b1", "torture-b"))).version());
        assertThat(step(paused)).isEqualTo(2);
        read();
        var second = now(store.appendIn(slow, append("a2", "torture-a")));
        now(old.commit());
        now(slow.close());
        accept("torture-c", 1, "slow", 1);
        accept("torture-a", 2, "a2", second.version());

        // Longer than a lease: the successor leads, then the first one wakes.
        Thread.sleep(3_300);
        assertThat(step(successor)).isEqualTo(2);
        read();
        accept(
                "torture-b",
                2,
                "b2",
                now(store.append(append("b2", "torture-b"))).version());
        assertThat(step(paused)).isZero();
        assertThat(step(successor)).isEqualTo(1);
        read();

        now(store.log(0, 100)).stream()
                .map(SoundStoreIsNotAccusedTest::seen)
                .forEach(e -> sketch.kept(e.seq(), e.stream(), e.version(), e.token()));
        assertThat(sketch.check()).isEmpty();
        assertThat(cursor).isEqualTo(5);
    }

    private void accept(String stream, long expected, String token, long version) {
        assertThat(version).isEqualTo(expected);
        sketch.accepted(token, stream, version);
    }
}
