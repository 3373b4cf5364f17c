package org.passerelle.bench;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.KeyNames;
import org.passerelle.eventsourcing.Loop;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Proving;
import org.passerelle.eventsourcing.Receipt;
import org.passerelle.eventsourcing.Sequencer;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.eventsourcing.sealing.Personal;
import org.passerelle.eventsourcing.testkit.TestStore;
import org.passerelle.proof.Attestation;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.NoteSigner;

/**
 * The same appends as a service makes them: personal fields sealed with data keys of a real keys database, one per case
 * and category, answers sealed, every event attested with a key, and the tree grown and signed meanwhile. A database of
 * its own, so that it costs the others nothing.
 */
final class SealedAppends implements AutoCloseable {

    /** Cases whose keys are in memory after the warm-up. */
    private static final int KNOWN = 1_000;

    /** As the services do it. */
    private static final Duration PROVE = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** About 350 bytes before it is sealed, three quarters of them personal, in two categories. */
    record Told(
            String about,
            String place,
            @Personal("identity") String name,
            @Personal("identity") String telephone,
            @Personal("story") String story) {}

    private static final String STORY = "0123456789".repeat(20);

    private static final StreamKind<Told, Boolean, Told> KIND = StreamKind.of(
            "told",
            new Decider<>() {
                @Override
                public Boolean initial() {
                    return false;
                }

                @Override
                public List<Told> decide(Told command, Boolean state) {
                    return List.of(command);
                }

                @Override
                public Boolean evolve(Boolean state, Told event) {
                    return true;
                }
            },
            EventTypes.of(Told.class)
                    .type("bench.told", 1, Told.class)
                    .about((stream, told) -> told.about())
                    .build());

    private final TestStore db;
    private final Pool keyPool;
    private final EventStore store;
    private final AtomicReference<@Nullable Loop> sequencer = new AtomicReference<>();
    private final Loop proof;
    private final Loop names;

    SealedAppends() {
        try {
            db = TestStore.sealing(Files.createTempDirectory("bench-keys").resolve("keys.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keyPool = db.keyPool();
        store = new EventStore(
                db.pool,
                List.of(),
                this::appended,
                EventStore.KNOWN_STATES,
                db.keys(),
                new Attestation.Maker("bench", new byte[32]));
        sequencer.set(Loop.start("sealed sequencer", Duration.ofMillis(50), new Sequencer(db.pool)));
        names = Loop.start("key names", PROVE, new KeyNames(db.pool, keyPool));
        NoteSigner key = NoteSigner.of(Checkpoint.log("bench"), NoteKey.Type.NOTE, new byte[32]);
        proof = Loop.start(
                "proof",
                PROVE,
                new Proving(db.pool, "bench", key, () -> Uni.createFrom().item(true)));
    }

    private void appended() {
        Loop loop = sequencer.get();
        if (loop != null) {
            loop.nudge();
        }
    }

    Vertx vertx() {
        return db.vertx;
    }

    /** Each append to a new stream about one of {@value #KNOWN} cases. */
    Uni<Long> aboutAKnownCase(Metadata by, Receipt receipt) {
        return append("case-" + ThreadLocalRandom.current().nextInt(KNOWN), by, receipt);
    }

    /** Each append about a case of its own, with two data keys of its own. */
    Uni<Long> aboutANewCase(Metadata by, Receipt receipt) {
        return append(Tally.newKey(), by, receipt);
    }

    private Uni<Long> append(String about, Metadata by, Receipt receipt) {
        StreamId stream = KIND.stream(Tally.newKey());
        Told told = new Told(about, "FR-75", "Amina Diallo-Okonkwo", "+33612345678", STORY);
        return store.append(
                        new Append(List.of(KIND.append(stream, ExpectedVersion.none(), List.of(told))), by, receipt))
                .replaceWith(1L);
    }

    /** Until what was appended is ordered and proven: the next measure pays for none of it. */
    void settle() throws InterruptedException {
        long patience = System.nanoTime() + PATIENCE.toNanos();
        while ((db.number("select (select count(*) from event) - coalesce((select size from proof_tree), 0)") > 0
                        || namesAreBehind())
                && System.nanoTime() < patience) {
            proof.nudge();
            names.nudge();
            Thread.sleep(20);
        }
    }

    private boolean namesAreBehind() {
        long named = keyPool.query("select seq from naming")
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
        return named < db.number("select count(*) from event");
    }

    /** Events whose personal fields lie in the clear; there must be none. */
    long inTheClear() {
        return db.number("select count(*) from event where position('Amina'::bytea in data) > 0")
                + db.number("select count(*) from event where position('$sealed'::bytea in data) = 0");
    }

    @Override
    public void close() {
        Loop loop = sequencer.getAndSet(null);
        if (loop != null) {
            loop.close();
        }
        proof.close();
        names.close();
        db.close();
    }
}
