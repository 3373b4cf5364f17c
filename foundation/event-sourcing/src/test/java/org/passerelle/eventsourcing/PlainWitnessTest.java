package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.eventsourcing.Witnessing.Verdict;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.Finding;
import org.passerelle.proof.FreshCosignature;
import org.passerelle.proof.Note;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.Trust;
import org.passerelle.proof.Verification;

/** A witness that is not ours, and knows nothing but C2SP's add-checkpoint, counts like one that is. */
@Tag("tamper")
class PlainWitnessTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private ProvenLog log;
    private PlainWitness plain;
    private NoteKey key;
    private Witnessing witnessing;

    @BeforeEach
    void start() {
        log = new ProvenLog();
        String origin = Checkpoint.origin(ProvenLog.SERVICE, await(EventLog.epoch(log.db.pool)));
        plain = new PlainWitness(
                "witness.example/w1", ProvenLog.LOG_KEY.key().named(origin).text(), directory.resolve("known"));
        key = NoteKey.parse(plain.key());
        witnessing = witnessing();
    }

    @AfterEach
    void stop() {
        await(witnessing.stop());
        plain.close();
        log.close();
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }

    /** Beside one of ours. */
    private Witnessing witnessing() {
        return new Witnessing(
                log.db.pool, List.of(new Witnessing.Other(plain.prefix(), key), log.witnesses.getFirst()));
    }

    private void grow(int events) {
        log.append(events);
        log.prove();
        ProvenLog.step(witnessing);
    }

    private Optional<Verdict> said() {
        return Optional.ofNullable(witnessing.verdicts().get(key.name()));
    }

    private List<Note> kept() {
        return await(Witnessing.cosigned(log.db.pool));
    }

    private Verification.Report verify(List<Note> notes, int quorum, NoteKey... witnesses) throws IOException {
        return Verification.verify(
                new ByteArrayInputStream(log.export()),
                notes,
                new Trust(List.of(witnesses), List.of(ProvenLog.LOG_KEY.key()), List.of(), null, quorum));
    }

    private FreshCosignature.Shown shown() {
        return new FreshCosignature.Shown() {
            @Override
            public Note checkpoint() {
                return await(new LogTree(log.db.pool).state()).orElseThrow().note();
            }

            @Override
            public List<byte[]> consistency(long from, long to) {
                return await(new LogTree(log.db.pool).consistency(from, to));
            }
        };
    }

    private long exposed(int quorum) {
        return await(Exposure.of(log.db.pool, quorum)).events();
    }

    @Test
    void whatItCosignsIsKeptAndIsWhereVerifyBegins() throws IOException {
        grow(5);
        grow(300);
        grow(1);

        assertThat(said()).contains(Verdict.COSIGNED);
        assertThat(kept()).hasSize(3).allSatisfy(note -> {
            assertThat(note.cosignedBy(key)).isPresent();
            assertThat(note.cosignedBy(ProvenLog.WITNESS_KEY.key())).isPresent();
            assertThat(note.signatures()).hasSize(3);
        });
        Verification.Report report = verify(kept(), 1, key);
        assertThat(report.findings()).isEmpty();
        assertThat(report.proven()).isEqualTo(306);
        assertThat(report.witness()).isEqualTo("witness.example/w1");

        log.sql("update event set data = '{\"n\":9}' where id = (select id from log where seq = 100)");
        assertThat(verify(kept(), 1, key).findings())
                .anySatisfy(found -> assertThat(found.from()).isEqualTo(100));
    }

    /** Ten seconds apart for years, they would fill any page. */
    @Test
    void ofLongAgoTheLargestOfADayAndOfAnHourIsTold() {
        for (int i = 0; i < 6; i++) {
            grow(1);
        }
        long hours = Instant.now().getEpochSecond() / 3600;
        witnessed(1, "2025-03-01T10:00:00Z");
        witnessed(2, "2025-03-01T18:00:00Z");
        witnessed(3, Instant.ofEpochSecond((hours - 48) * 3600 + 60).toString());
        witnessed(4, Instant.ofEpochSecond((hours - 48) * 3600 + 120).toString());
        witnessed(5, Instant.ofEpochSecond((hours - 47) * 3600 + 60).toString());
        grow(1);

        assertThat(kept())
                .extracting(note -> Checkpoint.parse(note.text()).size())
                .containsExactly(7L, 6L, 5L, 4L, 2L);
        assertThat(kept()).allSatisfy(note -> assertThat(note.signatures()).hasSize(3));
        assertThat(log.seen())
                .extracting(note -> Checkpoint.parse(note.text()).size())
                .containsExactly(7L, 6L, 5L, 4L, 2L);
    }

    private void witnessed(long size, String at) {
        log.sql("update proof_cosigned set witnessed_at = '" + at + "' where size = " + size);
        log.other.query("update watched_checkpoint set witnessed_at = '" + at + "' where size = " + size);
    }

    @Test
    void twoAreAQuorumAndOneOfThemAloneIsNone() throws IOException {
        grow(10);
        plain.mood = PlainWitness.Mood.OUT_OF_ORDER;
        grow(20);

        assertThat(said()).contains(Verdict.UNKNOWN);
        assertThat(exposed(1)).isZero();
        assertThat(exposed(2)).isEqualTo(20);
        NoteKey ours = ProvenLog.WITNESS_KEY.key();
        assertThat(verify(kept(), 1, key, ours).proven()).isEqualTo(30);
        assertThat(verify(kept(), 2, key, ours).proven()).isEqualTo(10);
        assertThat(verify(kept(), 2, key, ours).findings()).isEmpty();
        assertThat(verify(kept(), 2, key).findings())
                .anySatisfy(found -> assertThat(found.kind()).isEqualTo(Finding.Kind.NOT_WITNESSED));

        plain.mood = PlainWitness.Mood.HONEST;
        grow(1);
        assertThat(exposed(2)).isZero();
        assertThat(verify(kept(), 2, key, ours).proven()).isEqualTo(31);
    }

    @Test
    void oneThatKnowsAnotherSizeThanWeRememberIsAskedFromThere() {
        grow(5);
        log.sql("delete from proof_witnessed");
        grow(7);

        assertThat(said()).contains(Verdict.COSIGNED);
        assertThat(log.db.number("select size from proof_witnessed where witness = '" + key.name() + "'"))
                .isEqualTo(12);
    }

    @Test
    void aRestartOfEitherSideForgetsNothing() {
        grow(5);
        await(witnessing.stop());
        witnessing = witnessing();
        ProvenLog.step(witnessing);
        assertThat(said()).as("known from before").contains(Verdict.COSIGNED);
        assertThat(plain.asked).isEqualTo(1);

        plain.restart();
        grow(4);
        assertThat(said()).contains(Verdict.COSIGNED);
        assertThat(plain.asked).as("from where it was, without a conflict").isEqualTo(2);
    }

    @Test
    void oneThatHasSeenMoreThanThereIsSaysThatTheDatabaseWasSetBack() {
        grow(10);
        log.db.dump();
        grow(10);
        log.db.restore();
        log.db.query("delete from lease");
        witnessing = witnessing();
        log.append(3);
        log.sequencer = new Sequencer(log.db.pool);
        log.proving = log.proving();
        log.prove();
        ProvenLog.step(witnessing);

        assertThat(said()).contains(Verdict.CONTRADICTED);
        assertThatThrownBy(() -> FreshCosignature.of(shown(), key, plain.prefix()))
                .isInstanceOf(FreshCosignature.NotCosigned.class)
                .hasMessageContaining("has seen 20 events of this log, which shows 13");

        log.append(20);
        log.prove();
        ProvenLog.step(witnessing);
        assertThat(said()).as("longer, and another").contains(Verdict.CONTRADICTED);
        assertThatThrownBy(() -> FreshCosignature.of(shown(), key, plain.prefix()))
                .hasMessageContaining("another history");
    }

    @Test
    void anotherReplicaThatWasQuickerIsNoContradiction() {
        grow(5);
        log.append(5);
        log.prove();
        // What the slower one signed and shows is of 10 events; meanwhile the other has shown 15.
        plain.before = () -> {
            plain.before = () -> {};
            log.append(5);
            log.prove();
            log.sql("delete from lease where name = 'witnessing'");
            Witnessing quicker = witnessing();
            ProvenLog.step(quicker);
            await(quicker.stop());
        };
        ProvenLog.step(witnessing);

        assertThat(log.db.number("select size from proof_witnessed where witness = '" + key.name() + "'"))
                .isEqualTo(15);
        assertThat(said()).contains(Verdict.UNKNOWN);
        grow(1);
        assertThat(said()).contains(Verdict.COSIGNED);
    }

    @Test
    void onlyACosignatureOfTheKnownKeyCounts() {
        plain.mood = PlainWitness.Mood.WRONG_SIGNATURE;
        grow(5);
        assertThat(said()).contains(Verdict.REFUSED);
        assertThat(exposed(2)).isEqualTo(5);

        plain.mood = PlainWitness.Mood.MORE_LINES;
        grow(5);
        assertThat(said()).contains(Verdict.COSIGNED);
        assertThat(kept().getFirst().signatures())
                .extracting(Note.Signed::name)
                .containsExactlyInAnyOrder(
                        ProvenLog.LOG_KEY
                                .key()
                                .named(shown().checkpoint()
                                        .text()
                                        .lines()
                                        .findFirst()
                                        .orElseThrow())
                                .name(),
                        key.name(),
                        ProvenLog.WITNESS_KEY.key().name());
    }

    @Test
    void anAuditorAsksItWithoutTheServiceBetween() throws Exception {
        grow(300);
        log.append(7);
        log.prove();

        Note fresh = FreshCosignature.of(shown(), key, plain.prefix());
        assertThat(Checkpoint.parse(fresh.text()).size()).isEqualTo(307);
        Verification.Report report = verify(List.of(fresh), 1, key);
        assertThat(report.findings()).isEmpty();
        assertThat(report.proven()).isEqualTo(307);
        Note again = FreshCosignature.of(shown(), key, plain.prefix());
        assertThat(again.cosignedBy(key).orElseThrow().at())
                .isAfterOrEqualTo(fresh.cosignedBy(key).orElseThrow().at());

        plain.behind = Duration.ofMinutes(4);
        assertThat(FreshCosignature.of(shown(), key, plain.prefix()).text()).isEqualTo(fresh.text());
        plain.behind = Duration.ofDays(1);
        assertThatThrownBy(() -> FreshCosignature.of(shown(), key, plain.prefix()))
                .isInstanceOf(FreshCosignature.NotCosigned.class)
                .hasMessageContaining("answers with what it cosigned at");

        plain.behind = Duration.ZERO;
        plain.mood = PlainWitness.Mood.WRONG_SIGNATURE;
        assertThatThrownBy(() -> FreshCosignature.of(shown(), key, plain.prefix()))
                .hasMessage("witness.example/w1 does not cosign the checkpoints of this log");
    }
}
