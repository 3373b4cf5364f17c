package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.eventsourcing.ProvenLog.EVENTS;
import static org.passerelle.eventsourcing.ProvenLog.names;
import static org.passerelle.eventsourcing.ProvenLog.of;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.proof.Finding;
import org.passerelle.proof.Finding.Kind;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.NoteSigner;
import org.passerelle.proof.Trust;
import org.passerelle.proof.Verification.Report;

/**
 * Somebody with all rights on the database changes history. What lies before the last witnessed checkpoint is found, every
 * time; what can be done in the window behind it is shown as well.
 */
@Tag("tamper")
class TamperTest {

    private ProvenLog log;

    @BeforeEach
    void start() {
        log = new ProvenLog();
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private void keep() {
        for (String table : List.of("event", "log", "proof_tree", "proof_tile")) {
            log.sql("create table kept_" + table + " as select * from " + table);
        }
    }

    private void putBack() {
        log.sql("truncate log, event, proof_tree, proof_tile, pending_0, pending_1, pending_2, published_before");
        for (String table : List.of("event", "log", "proof_tree", "proof_tile")) {
            log.sql("insert into " + table + " select * from kept_" + table);
        }
    }

    @Test
    void anEditOfAnyColumnIsNamed() {
        log.history();
        keep();
        List<String> edits = List.of(
                "data = '{\"number\":7}'",
                "data = data || '\\x20'",
                "metadata = '{}'",
                "type = 'counter.rung'",
                "schema_version = 1",
                "stream_id = 'counter-another', version = 1",
                "version = version + 1000",
                "recorded_at = recorded_at + interval '1 microsecond'",
                "attestation = null",
                "attestation = set_byte(attestation, 0, 255 - get_byte(attestation, 0))",
                "attestation = set_byte(attestation, 40, 255 - get_byte(attestation, 40))");
        for (long seq : List.of(1L, 256L, 257L, 600L)) {
            for (String edit : edits) {
                log.sql("update event set " + edit + " where id = (select id from log where seq = " + seq + ")");
                Report report = log.verify(false);
                assertThat(names(report, Kind.EDITED, seq))
                        .as(edit + " at " + seq)
                        .isTrue();
                assertThat(of(report, Kind.EDITED)).hasSize(1);
                putBack();
            }
            log.sql("with e as (update event set id = 900000 where id = (select id from log where seq = " + seq
                    + ") returning 1) update log set id = 900000 where seq = " + seq);
            assertThat(names(log.verify(false), Kind.EDITED, seq)).isTrue();
            putBack();
        }
        assertThat(log.verify(true).findings()).isEmpty();
    }

    @Test
    void aDeletedEventIsNamedHoweverItsTracksAreCovered() {
        log.history();
        keep();
        for (long seq : List.of(1L, 100L, 256L, 300L, 600L)) {
            log.sql("delete from event where id = (select id from log where seq = " + seq + ")");
            assertThat(names(log.verify(false), Kind.MISSING, seq)).isTrue();
            putBack();

            log.sql("with l as (delete from log where seq = " + seq + " returning id)"
                    + " delete from event where id = (select id from l)");
            assertThat(names(log.verify(false), Kind.MISSING, seq)).isTrue();
            putBack();

            // All that follows moves up.
            log.sql("with l as (delete from log where seq = " + seq + " returning id)"
                    + " delete from event where id = (select id from l)");
            log.sql("update log set seq = -seq where seq > " + seq);
            log.sql("update log set seq = -seq - 1 where seq < 0");
            Report report = log.verify(false);
            assertThat(of(report, Kind.MISSING)).extracting(Finding::from).containsExactly(seq);
            assertThat(of(report, Kind.EDITED)).isEmpty();
            putBack();

            // Out of the log only.
            log.sql("delete from log where seq = " + seq);
            report = log.verify(false);
            assertThat(names(report, Kind.MISSING, seq)).isTrue();
            assertThat(of(report, Kind.NOT_IN_LOG)).hasSize(1);
            putBack();
        }
    }

    private void forge(long id, String attestation) {
        log.sql(
                "insert into event (id, stream_id, version, type, schema_version, data, metadata, recorded_at, attestation)"
                        + " select " + id + ", stream_id, version + " + id
                        + ", type, schema_version, data, metadata, now(), "
                        + attestation + " from event where id = (select id from log where seq = 10)");
    }

    @Test
    void anEventThatIsInsertedAmongTheOthersIsNamed() {
        log.history();
        keep();
        for (long seq : List.of(1L, 50L, 256L, 600L)) {
            forge(900_000, "decode(repeat('ab', 48), 'hex')");
            log.sql("update log set seq = -seq where seq >= " + seq);
            log.sql("update log set seq = -seq + 1 where seq < 0");
            log.sql("insert into log values (" + seq + ", 900000)");
            Report report = log.verify(false);
            assertThat(of(report, Kind.INSERTED)).extracting(Finding::from).containsExactly(seq);
            assertThat(of(report, Kind.EDITED)).isEmpty();
            assertThat(of(report, Kind.MISSING)).isEmpty();
            assertThat(names(log.verify(true), Kind.BAD_HMAC, seq)).isTrue();
            putBack();
        }
    }

    /** The service orders it, proves it and has it witnessed like any other: only the key that the database has not helps. */
    @Test
    void anEventThatIsInsertedBeforeItHasItsPlaceIsNamed() {
        log.appendAndWitness(50);
        forge(900_000, "null");
        forge(900_001, "decode(repeat('ab', 48), 'hex')");
        log.sql("update event set stream_id = 'counter-forged', version = 1 where id = 900001");
        // A genuine one, once more: its HMAC is good for its stream and version only.
        log.sql(
                "insert into event select 900002, 'counter-copied', 1, type, schema_version, data, metadata, recorded_at,"
                        + " attestation from event where id = (select id from log where seq = 20)");
        log.sql("insert into pending_1 values (900000), (900001), (900002)");
        log.prove();
        log.witness();
        assertThat(log.verdict()).isEqualTo(Witnessing.Verdict.COSIGNED);

        Report withoutKey = log.verify(false);
        assertThat(withoutKey.proven()).isEqualTo(53);
        assertThat(names(withoutKey, Kind.NO_HMAC, 51)).isTrue();
        assertThat(names(withoutKey, Kind.SALT_USED_TWICE, 53)).isTrue();
        Report withKey = log.verify(true);
        assertThat(names(withKey, Kind.BAD_HMAC, 52)).isTrue();
        assertThat(names(withKey, Kind.BAD_HMAC, 53)).isTrue();
    }

    @Test
    void anEventThatIsPutAtTheEndOfTheLogIsNamed() {
        log.appendAndWitness(50);
        forge(900_000, "decode(repeat('ab', 48), 'hex')");
        log.sql("insert into log values (51, 900000)");
        log.prove();
        log.witness();
        assertThat(names(log.verify(true), Kind.BAD_HMAC, 51)).isTrue();
    }

    /** Whatever the database can replay was attested for one place only. */
    @Test
    void aReplayOfAGenuineEventWithAllItsColumnsIsNamed() {
        log.appendAndWitness(50);
        log.sql("alter table event drop constraint event_stream_id_version_key");
        log.sql(
                "insert into event select 900000, stream_id, version, type, schema_version, data, metadata, recorded_at,"
                        + " attestation from event where id = (select id from log where seq = 20)");
        log.sql("insert into pending_1 values (900000)");
        log.prove();
        log.witness();
        Report report = log.verify(true);
        assertThat(of(report, Kind.BAD_HMAC)).isEmpty();
        assertThat(names(report, Kind.SALT_USED_TWICE, 51)).isTrue();
        assertThat(names(report, Kind.VERSION_GAP, 51)).isTrue();
    }

    @Test
    void eventsThatChangeTheirPlacesAreNamed() {
        log.history();
        keep();
        for (long[] pair : new long[][] {{1, 2}, {100, 101}, {5, 599}, {256, 257}, {10, 400}}) {
            log.sql("update log set seq = case seq when " + pair[0] + " then -1 else -2 end where seq in (" + pair[0]
                    + ", " + pair[1] + ")");
            log.sql("update log set seq = case seq when -1 then " + pair[1] + " else " + pair[0]
                    + " end where seq < 0");
            Report report = log.verify(false);
            assertThat(of(report, Kind.REORDERED))
                    .extracting(Finding::from)
                    .containsExactlyInAnyOrder(pair[0], pair[1]);
            assertThat(of(report, Kind.EDITED)).isEmpty();
            assertThat(of(report, Kind.MISSING)).isEmpty();
            putBack();
        }
    }

    @Test
    void aLogThatIsCutOffIsFound() {
        log.history();
        keep();
        log.sql("delete from event where id in (select id from log where seq > 590)");
        log.sql("delete from log where seq > 590");
        Report report = log.verify(false);
        assertThat(of(report, Kind.MISSING))
                .extracting(Finding::from)
                .hasSize(10)
                .contains(591L, 600L);
        assertThat(report.proven()).isEqualTo(256);
        putBack();

        // With the hashes.
        log.sql("delete from event where id in (select id from log where seq > 256)");
        log.sql("delete from log where seq > 256");
        log.sql("delete from proof_tile where level = 0 and index > 0");
        log.sql("update proof_tree set size = 256");
        report = log.verify(false);
        assertThat(names(report, Kind.ROLLED_BACK, 600)).isTrue();
        assertThat(report.proven()).isEqualTo(256);
        putBack();

        log.sql("truncate log, event, proof_tree, proof_tile, published_before");
        assertThat(names(log.verify(false), Kind.ROLLED_BACK, 600)).isTrue();
    }

    @Test
    void hashesThatWereChangedBesideGenuineEventsAreTold() {
        log.history();
        log.sql(
                "update proof_tile set hashes = set_byte(hashes, 5, 255 - get_byte(hashes, 5)) where level = 0 and index = 1");
        Report report = log.verify(true);
        assertThat(report.proven()).isEqualTo(EVENTS);
        assertThat(report.findings()).extracting(Finding::kind).containsOnly(Kind.TREE_DAMAGED);
        log.sql("delete from proof_tile");
        assertThat(log.verify(true).findings()).isEmpty();
        // Without them the place is known only between two checkpoints.
        log.sql("update event set data = '{}' where id = (select id from log where seq = 300)");
        report = log.verify(false);
        assertThat(of(report, Kind.REWRITTEN)).hasSize(1);
        assertThat(names(report, Kind.REWRITTEN, 300)).isTrue();
        assertThat(report.proven()).isEqualTo(256);
    }

    @Test
    void onlyTheWitnessThatWasNamedIsBelieved() {
        log.history();
        NoteKey stranger = NoteSigner.of("passerelle/other/witness", NoteKey.Type.COSIGNATURE, ProvenLog.seed(8))
                .key();
        Report report = log.verify(new Trust(List.of(stranger), List.of(), List.of(), null));
        assertThat(report.findings()).extracting(Finding::kind).contains(Kind.BAD_SIGNATURE, Kind.NOT_WITNESSED);
        assertThat(report.proven()).isZero();
    }

    /** Many at random, one at a time: every single one is found, and a log that was put back is sound again. */
    @Test
    void everyRandomChangeBeforeTheLastWitnessedCheckpointIsFound() {
        log.history();
        keep();
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int found = 0;
        int tried = 120;
        for (int i = 0; i < tried; i++) {
            String change = change(random);
            for (String one : change.split(";")) {
                log.sql(one);
            }
            Report report = log.verify(false);
            assertThat(report.sound()).as("seed " + seed + ", " + change).isFalse();
            found++;
            putBack();
        }
        assertThat(found).isEqualTo(tried);
        System.out.println(found + " of " + tried + " changes found");
        assertThat(log.verify(true).findings()).isEmpty();
    }

    private static String change(Random random) {
        long seq = 1 + random.nextInt(EVENTS);
        long other = 1 + (seq + random.nextInt(EVENTS - 1)) % EVENTS;
        String at = " where id = (select id from log where seq = " + seq + ")";
        return switch (random.nextInt(8)) {
            case 0 -> "update event set data = set_byte(data, 0, 255 - get_byte(data, 0))" + at;
            case 1 ->
                "update event set recorded_at = recorded_at - interval '" + (1 + random.nextInt(1000))
                        + " microseconds'" + at;
            case 2 -> "update event set type = type || 'x'" + at;
            case 3 -> "delete from event" + at;
            case 4 ->
                "delete from event" + at + ";delete from log where seq = " + seq
                        + ";update log set seq = -seq where seq > " + seq
                        + ";update log set seq = -seq - 1 where seq < 0";
            case 5 ->
                "update log set seq = case seq when " + seq + " then -1 else -2 end where seq in (" + seq + ", "
                        + other + ");update log set seq = case seq when -1 then " + other + " else " + seq
                        + " end where seq < 0";
            case 6 -> "delete from log where seq > " + (seq - 1);
            default -> "update event set metadata = metadata || '\\x20'" + at;
        };
    }

    /** The loops as a service runs them: what can still be changed unseen is never older than was promised. */
    @Test
    void theWindowBehindTheLastWitnessedCheckpointStaysBelowAMinute() throws InterruptedException {
        Proving paced = new Proving(
                log.db.pool,
                ProvenLog.SERVICE,
                ProvenLog.LOG_KEY,
                () -> io.smallrye.mutiny.Uni.createFrom().item(true));
        double longest = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(25);
        try (var sequencing = Loop.start("sequencer", java.time.Duration.ofMillis(50), log.sequencer);
                var proofs = Loop.start("proof", java.time.Duration.ofMillis(250), paced);
                var witnessing = Loop.start("witnessing", Witnessing.EVERY, log.witnessing)) {
            while (System.nanoTime() < end) {
                log.append(3);
                longest = Math.max(
                        longest,
                        Exposure.of(log.db.pool, 1).await().indefinitely().seconds());
                Thread.sleep(200);
            }
        }
        assertThat(log.db.number("select max(size) from proof_witnessed")).isPositive();
        System.out.printf("longest exposure %.1f s%n", longest);
        assertThat(longest).isLessThan(Exposure.LIMIT.toSeconds());
    }
}
