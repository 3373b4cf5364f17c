package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.eventsourcing.ProvenLog.names;
import static org.passerelle.eventsourcing.ProvenLog.of;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.proof.Attestation;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.EventRecord;
import org.passerelle.proof.Finding.Kind;
import org.passerelle.proof.Note;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.NoteSigner;
import org.passerelle.proof.Tile;
import org.passerelle.proof.TileTree;
import org.passerelle.proof.TreeHash;
import org.passerelle.proof.Verification.Report;

/** Another history is told: an older one, or one that was made up, with the service's own keys. */
@Tag("tamper")
class ForkTest {

    private ProvenLog log;

    @BeforeEach
    void start() {
        log = new ProvenLog();
    }

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void aDatabaseThatIsSetBackToAnOldDumpIsFoundByTheWitnessAndByWhoVerifies() {
        log.appendAndWitness(100);
        log.db.dump();
        log.appendAndWitness(50);
        log.db.restore();
        Report report = log.verify(false);
        assertThat(names(report, Kind.ROLLED_BACK, 150)).isTrue();
        assertThat(report.proven()).isEqualTo(100);

        // It goes on as if nothing had been, in a process that remembers nothing.
        log.restart();
        log.append(80);
        log.prove();
        log.witness();
        assertThat(log.verdict()).isEqualTo(Witnessing.Verdict.CONTRADICTED);
        report = log.verify(true);
        assertThat(names(report, Kind.FORK, 101)).isTrue();
        assertThat(report.proven()).isEqualTo(100);
    }

    /** Everything that lies in the database is made anew to fit, and signed with the service's own stolen key. */
    private void rewrite(NoteSigner key) {
        Map<Tile, byte[]> tiles = new HashMap<>();
        TileTree tree = new TileTree(tiles::get);
        TreeHash hash = new TreeHash();
        List<byte[]> leaves = new ArrayList<>();
        for (var row : log.db.query("select l.seq, e.* from log l join event e on e.id = l.id order by l.seq")) {
            Buffer attestation = row.get(Buffer.class, "attestation");
            leaves.add(EventRecord.leafHashOf(
                    hash,
                    row.getLong("seq"),
                    new EventRecord(
                                    row.getLong("id"),
                                    row.getString("stream_id"),
                                    row.getLong("version"),
                                    row.getString("type"),
                                    row.getInteger("schema_version"),
                                    Rows.bytes(row, "data"),
                                    Rows.bytes(row, "metadata"),
                                    EventRecord.micros(
                                            row.getOffsetDateTime("recorded_at").toInstant()),
                                    attestation == null ? null : attestation.getBytes())
                            .content()));
        }
        tiles.putAll(tree.added(0, leaves));
        log.sql("delete from proof_tile");
        tiles.forEach((tile, hashes) -> log.db
                .pool
                .preparedQuery("insert into proof_tile select epoch, $1, $2, $3 from log_life")
                .execute(Tuple.of(tile.level(), tile.index(), Buffer.buffer(hashes)))
                .await()
                .indefinitely());
        String origin = Checkpoint.origin(
                ProvenLog.SERVICE,
                log.db.query("select epoch from log_life").getFirst().getUUID("epoch"));
        byte[] root = tree.root(leaves.size());
        String text = new Checkpoint(origin, leaves.size(), root).text();
        log.db
                .pool
                .preparedQuery("update proof_tree set size = $1, root = $2, signed_size = $1, note = $3")
                .execute(Tuple.of(
                        (long) leaves.size(),
                        Buffer.buffer(root),
                        new Note(text, List.of(key.named(origin).sign(text))).format()))
                .await()
                .indefinitely();
    }

    @Test
    void aForkThatIsSignedWithTheStolenKeyIsFoundAndNotWitnessed() {
        log.history();
        log.sql("update event set data = '{\"number\":7}' where id = (select id from log where seq = 300)");
        rewrite(ProvenLog.LOG_KEY);
        Report report = log.verify(false);
        // No stored hash is genuine any more; but the witness's older checkpoint still holds.
        assertThat(of(report, Kind.FORK)).hasSize(1);
        assertThat(of(report, Kind.FORK).getFirst().from()).isEqualTo(257);
        assertThat(report.proven()).isEqualTo(256);
        assertThat(names(log.verify(true), Kind.BAD_HMAC, 300)).isTrue();

        // A process that has just started does not see it; the witness does.
        log.restart();
        log.append(10);
        log.prove();
        log.witness();
        assertThat(log.verdict()).isEqualTo(Witnessing.Verdict.CONTRADICTED);
        assertThat(log.db.number("select max(size) from proof_witnessed")).isEqualTo(600);
        assertThat(of(log.verify(false), Kind.FORK)).hasSize(1);
    }

    /** The HMAC key too: then nothing but the witness is left, and is enough. */
    @Test
    void withEveryKeyOfTheServiceStolenTheWitnessIsEnough() {
        log.history();
        var row = log.db
                .query("select e.* from log l join event e on e.id = l.id where l.seq = 300")
                .getFirst();
        byte[] data = "{\"number\":7}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] forged = new Attestation.Maker(ProvenLog.SERVICE, ProvenLog.MAC_KEY)
                .attest(
                        row.getString("stream_id"),
                        row.getLong("version"),
                        row.getString("type"),
                        row.getInteger("schema_version"),
                        data,
                        Rows.bytes(row, "metadata"));
        log.db
                .pool
                .preparedQuery("update event set data = $1, attestation = $2 where id = $3")
                .execute(Tuple.of(Buffer.buffer(data), Buffer.buffer(forged), row.getLong("id")))
                .await()
                .indefinitely();
        rewrite(ProvenLog.LOG_KEY);
        Report report = log.verify(true);
        assertThat(of(report, Kind.BAD_HMAC)).isEmpty();
        assertThat(names(report, Kind.FORK, 300)).isTrue();
        assertThat(report.sound()).isFalse();
    }

    @Test
    void aCheckpointThatTheThiefSignedHimselfIsNotTheServices() {
        log.history();
        rewrite(NoteSigner.of("x", NoteKey.Type.NOTE, ProvenLog.seed(9)));
        assertThat(of(log.verify(false), Kind.BAD_SIGNATURE)).hasSize(1);
    }

    @Test
    void aLifeOfTheLogThatTheWitnessHasSeenCannotBeDenied() {
        log.appendAndWitness(100);
        log.sql("update log_epoch set epoch = gen_random_uuid()");
        log.sql("update log_life set epoch = (select epoch from log_epoch)");
        log.append(5);
        log.prove();
        log.witness();
        Report report = log.verify(true);
        assertThat(of(report, Kind.ROLLED_BACK)).hasSize(1);
    }

    @Test
    void aRestoreThatWasAdoptedLosesWhatItSaysAndNoMore() {
        log.appendAndWitness(100);
        log.db.dump();
        log.appendAndWitness(50);
        log.db.restore();
        log.sql("with e as (insert into log_epoch (number, epoch, first_seq) values (2, gen_random_uuid(), 101)"
                + " returning epoch) update log_life set epoch = (select epoch from e)");
        log.restart();
        log.appendAndWitness(30);
        Report report = log.verify(true);
        assertThat(report.findings()).hasSize(1);
        assertThat(report.findings().getFirst().kind()).isEqualTo(Kind.LOST_BY_RESTORE);
        assertThat(report.findings().getFirst().from()).isEqualTo(101);
        assertThat(report.findings().getFirst().to()).isEqualTo(150);
        assertThat(report.proven()).isEqualTo(130);
    }
}
