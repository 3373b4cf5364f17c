package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.proof.AddCheckpoint;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.Note;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.NoteSigner;
import org.passerelle.proof.TreeProof;

@Tag("kernel")
class ProvingTest {

    private ProvenLog log;

    @BeforeEach
    void start() {
        log = new ProvenLog();
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private static <T> T await(Uni<T> answer) {
        return answer.await().atMost(Duration.ofSeconds(10));
    }

    private LogTree.State state() {
        return await(new LogTree(log.db.pool).state()).orElseThrow();
    }

    private long witnessedSize() {
        return log.other.number("select coalesce(max(size), 0) from watched_log");
    }

    @Test
    void everyEventIsAttestedWhenItIsTaken() {
        log.append(20);
        assertThat(log.db.number("select count(*) from event where length(attestation) = 48"))
                .isEqualTo(20);
        assertThat(log.db.number("select count(distinct substring(attestation for 16)) from event"))
                .isEqualTo(20);
    }

    @Test
    void withoutAKeyEventsAreTakenAndHaveTheirRandomBits() {
        await(log.db.store.handle(
                Counter.KIND, Counter.KIND.stream("a"), new Counter.Add(1), ExpectedVersion.any(), ProvenLog.ME));
        assertThat(log.db.number("select length(attestation) from event")).isEqualTo(16);
    }

    @Test
    void provesWhatIsInTheLogAndNothingThatWaitsForItsPlace() {
        log.append(10);
        ProvenLog.step(log.proving);
        assertThat(await(new LogTree(log.db.pool).state())).isEmpty();
        log.prove();
        assertThat(state().size()).isEqualTo(10);
        assertThat(state().signedSize()).isEqualTo(10);
    }

    @Test
    void aSignedCheckpointIsOfTheLogInItsPresentLife() {
        log.append(3);
        log.prove();
        Note note = state().note();
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        assertThat(checkpoint.origin()).isEqualTo("passerelle/sample/" + await(EventLog.epoch(log.db.pool)));
        assertThat(checkpoint.size()).isEqualTo(3);
        assertThat(checkpoint.root()).isEqualTo(state().root());
        assertThat(note.isSignedBy(ProvenLog.LOG_KEY.named(checkpoint.origin()).key()))
                .isTrue();
    }

    @Test
    void proofsOfInclusionAndConsistencyHoldAcrossManySteps() {
        LogTree tree = new LogTree(log.db.pool);
        log.append(300);
        log.prove();
        LogTree.State early = state();
        log.append(250);
        log.prove();
        LogTree.State late = state();
        assertThat(late.size()).isEqualTo(550);
        assertThat(TreeProof.consistent(300, 550, early.root(), late.root(), await(tree.consistency(300, 550))))
                .isTrue();
        byte[] leaves = await(tree.tile(new org.passerelle.proof.Tile(0, 1))).orElseThrow();
        for (long seq : List.of(257L, 300L, 512L)) {
            int at = (int) (seq - 257) * 32;
            byte[] leaf = java.util.Arrays.copyOfRange(leaves, at, at + 32);
            assertThat(TreeProof.includes(seq - 1, 550, leaf, await(tree.inclusion(seq, 550)), late.root()))
                    .isTrue();
        }
    }

    @Test
    void largeLogsAreProvenInBatches() {
        log.db.query("insert into stream values ('counter-x', 'counter', 5000, now())");
        log.db.query("insert into event (id, stream_id, version, type, schema_version, data, metadata, recorded_at)"
                + " select nextval('event_id'), 'counter-x', n, 'added', 1, '{}', '{}', now()"
                + " from generate_series(1, 5000) n");
        log.db.query("insert into pending_0 select id from event");
        log.prove();
        log.witness();
        assertThat(state().size()).isEqualTo(5000);
        // Stored before there were attestations: proven all the same.
        var report = log.verify(true);
        assertThat(report.findings()).isEmpty();
        assertThat(report.proven()).isEqualTo(5000);
    }

    @Test
    void largeEventsAreProvenAFewAtATime() {
        log.db.query("insert into event (id, stream_id, version, type, schema_version, data, metadata, recorded_at)"
                + " select nextval('event_id'), 'counter-x', n, 'added', 1, decode(repeat('20', 1000000), 'hex'), '{}',"
                + " now() from generate_series(1, 12) n");
        log.db.query("insert into pending_0 select id from event");
        log.prove();
        assertThat(state().size()).isEqualTo(8);
        log.prove();
        assertThat(state().size()).isEqualTo(12);
    }

    @Test
    void anotherProcessGoesOnWhereTheLastOneStopped() {
        log.append(5);
        log.prove();
        log.restart();
        log.append(5);
        log.prove();
        assertThat(state().signedSize()).isEqualTo(10);
    }

    @Test
    void onlyWhoLeadsProves() {
        log.append(5);
        log.prove();
        Proving second = log.proving();
        log.append(5);
        log.sequence();
        ProvenLog.step(second);
        assertThat(second.leads()).isFalse();
        assertThat(state().size()).isEqualTo(5);
    }

    @Test
    void aTreeThatIsNotTheOneThatWasSignedIsNotSigned() {
        log.append(5);
        log.prove();
        Note signed = state().note();
        log.db.query("update proof_tile set hashes = set_byte(hashes, 3, 255 - get_byte(hashes, 3))");
        log.append(1);
        log.sequence();
        assertThatThrownBy(() -> ProvenLog.step(log.proving)).isInstanceOf(LogTree.Damaged.class);
        assertThat(state().note().format()).isEqualTo(signed.format());
        assertThat(state().size()).isEqualTo(5);
    }

    @Test
    void aTreeThatWasSetBackIsNotSigned() {
        log.append(5);
        log.prove();
        log.db.dump();
        log.append(5);
        log.prove();
        log.db.restore();
        Proving remembers = log.proving;
        log.restart();
        log.append(2);
        log.sequence();
        Note signed = state().note();
        for (int i = 0; i < 3; i++) {
            try {
                ProvenLog.step(remembers);
            } catch (LogTree.Damaged damaged) {
                // each time
            }
        }
        assertThat(state().note().format()).isEqualTo(signed.format());
        assertThat(state().signedSize()).isEqualTo(5);
    }

    @Test
    void aLogThatIsShorterThanItsTreeIsNotSigned() {
        log.append(5);
        log.prove();
        log.db.query("delete from log where seq > 3");
        assertThatThrownBy(() -> ProvenLog.step(log.proving)).isInstanceOf(LogTree.Damaged.class);
    }

    @Test
    void aCheckpointThatLiesThereAndIsNotOursIsNotBuiltUpon() {
        log.append(5);
        log.prove();
        NoteSigner thief = NoteSigner.of("x", NoteKey.Type.NOTE, ProvenLog.seed(9));
        String text = state().note().text();
        String forged = new Note(
                        text,
                        List.of(thief.named(Checkpoint.parse(text).origin()).sign(text)))
                .format();
        log.db
                .pool
                .preparedQuery("update proof_tree set note = $1")
                .execute(io.vertx.mutiny.sqlclient.Tuple.of(forged))
                .await()
                .indefinitely();
        log.append(1);
        log.sequence();
        assertThatThrownBy(() -> ProvenLog.step(log.proving)).isInstanceOf(LogTree.Damaged.class);
    }

    @Test
    void aNewLifeOfTheLogGetsANewTree() {
        log.append(5);
        log.prove();
        String first = Checkpoint.parse(state().note().text()).origin();
        log.db.query("with e as (insert into log_epoch (number, epoch, first_seq) values (2, gen_random_uuid(), 6)"
                + " returning epoch) update log_life set epoch = (select epoch from e)");
        log.append(1);
        log.prove();
        Checkpoint second = Checkpoint.parse(state().note().text());
        assertThat(second.origin()).isNotEqualTo(first);
        assertThat(second.size()).isEqualTo(6);
    }

    @Test
    void aWitnessCosignsWhatGrowsAndKeepsEveryCheckpoint() {
        log.appendAndWitness(5);
        log.appendAndWitness(300);
        log.witness(); // nothing new
        assertThat(log.verdict()).isEqualTo(Witnessing.Verdict.COSIGNED);
        assertThat(log.seen()).hasSize(2).allSatisfy(note -> {
            assertThat(note.cosignedBy(ProvenLog.WITNESS_KEY.key())).isPresent();
            assertThat(note.signatures()).hasSize(2);
        });
        assertThat(log.db.number("select size from proof_witnessed")).isEqualTo(305);
    }

    @Test
    void aWitnessThatKnowsMoreThanWeRememberIsAskedFromThere() {
        log.appendAndWitness(5);
        log.db.query("delete from proof_witnessed");
        log.append(5);
        log.prove();
        log.witness();
        assertThat(witnessedSize()).isEqualTo(10);
        assertThat(log.db.number("select size from proof_witnessed")).isEqualTo(10);
    }

    /** The rules of C2SP tlog-witness, add-checkpoint. */
    @Test
    void whatAWitnessRefuses() {
        log.appendAndWitness(5);
        log.append(5);
        log.prove();
        LogTree tree = new LogTree(log.db.pool);
        Note note = state().note();
        List<byte[]> proof = await(tree.consistency(5, 10));
        String good = new AddCheckpoint(5, proof, note).text();

        assertThat(add("old 5\n")).isInstanceOf(Witness.Answer.Malformed.class);
        assertThat(add(new AddCheckpoint(11, proof, note).text())).isInstanceOf(Witness.Answer.Malformed.class);
        assertThat(add(new AddCheckpoint(0, proof, note).text())).isInstanceOf(Witness.Answer.Malformed.class);
        assertThat(add(new AddCheckpoint(0, List.of(), note).text())).isEqualTo(new Witness.Answer.Knows(5));
        assertThat(add(new AddCheckpoint(5, List.of(), note).text())).isInstanceOf(Witness.Answer.NotProven.class);
        assertThat(add(good.replace("passerelle/sample", "passerelle/unknown")))
                .isInstanceOf(Witness.Answer.UnknownLog.class);
        assertThat(add(good.replace("\n10\n", "\n11\n"))).isInstanceOf(Witness.Answer.NotTrusted.class);
        assertThat(witnessedSize()).isEqualTo(5);
        assertThat(add(good)).isInstanceOf(Witness.Answer.Cosigned.class);
        assertThat(witnessedSize()).isEqualTo(10);
        assertThat(add(good)).isEqualTo(new Witness.Answer.Knows(10));
    }

    /** Of two that are both signed and both grow from what is known, one wins: never two. */
    @Test
    void twoTreesOfOneSizeAreNeverBothCosigned() {
        log.appendAndWitness(5);
        log.append(1);
        log.prove();
        String genuine = new AddCheckpoint(5, await(new LogTree(log.db.pool).consistency(5, 6)), state().note()).text();
        Checkpoint now = Checkpoint.parse(state().note().text());
        byte[] otherRoot = now.root();
        otherRoot[0] ^= 1;
        String text = new Checkpoint(now.origin(), 6, otherRoot).text();
        Note forged =
                new Note(text, List.of(ProvenLog.LOG_KEY.named(now.origin()).sign(text)));
        assertThat(add(genuine)).isInstanceOf(Witness.Answer.Cosigned.class);
        assertThat(add(new AddCheckpoint(6, List.of(), forged).text())).isEqualTo(new Witness.Answer.Knows(6));
        assertThat(log.seen()).hasSize(2);
    }

    @Test
    void aWitnessSignsOnlyWithAKeyOfItsOwnKindAndNotForStrangers() {
        var blind = new Witness(log.other.pool, ProvenLog.WITNESS_KEY, List.of(), Clock.systemUTC());
        log.append(1);
        log.prove();
        assertThat(await(blind.add(new AddCheckpoint(0, List.of(), state().note()).text())))
                .isInstanceOf(Witness.Answer.UnknownLog.class);
    }

    private Witness.Answer add(String request) {
        return await(log.witness.add(request));
    }

    @Test
    void whatIsExposedIsWhatNoWitnessHasSeen() throws InterruptedException {
        assertThat(await(Exposure.of(log.db.pool, 1)).seconds()).isZero();
        log.append(2);
        log.prove();
        log.append(1);
        Thread.sleep(20);
        Exposure exposed = await(Exposure.of(log.db.pool, 1));
        assertThat(exposed.events()).isEqualTo(3);
        assertThat(exposed.seconds()).isGreaterThan(0.01);
        log.prove();
        log.witness();
        exposed = await(Exposure.of(log.db.pool, 1));
        assertThat(exposed.events()).isZero();
        assertThat(exposed.seconds()).isZero();
        assertThat(exposed.witnessed()).isEqualTo(3);
    }
}
