package org.passerelle.eventsourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.RestoreCheck.Verdict;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.Finding.Kind;
import org.passerelle.proof.Note;
import org.passerelle.proof.NoteKey;
import org.passerelle.proof.NoteSigner;

/** A database that was set back or rewritten where nobody remembers but the witness. */
@Tag("tamper")
class ContradictionTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** The topic that was emptied with the database. */
    private static final TopicTail EMPTY = new TopicTail() {
        @Override
        public List<Told> ends(String topic) {
            return List.of();
        }

        @Override
        public void since(String topic, @Nullable Instant from, Consumer<Told> each) {}
    };

    private static final TopicTail UNREACHABLE = new TopicTail() {
        @Override
        public List<Told> ends(String topic) {
            throw new IllegalStateException("no broker");
        }

        @Override
        public void since(String topic, @Nullable Instant from, Consumer<Told> each) {
            throw new IllegalStateException("no broker");
        }
    };

    private ProvenLog log;

    @BeforeEach
    void start() {
        log = new ProvenLog();
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private RestoreCheck check(TopicTail topic) {
        return new RestoreCheck(
                log.db.pool,
                ProvenLog.SERVICE,
                List.of("topic"),
                topic,
                new Recollection(ProvenLog.LOG_KEY.key(), log.witnesses)::ask);
    }

    private static Verdict look(RestoreCheck check) {
        return check.look().await().atMost(LIMIT);
    }

    private Restore.Adopted adopt() {
        return new Restore(log.db.pool, ProvenLog.SERVICE, List.of("topic"), EMPTY, stored -> Optional.empty())
                .adopt("operator-1")
                .await()
                .atMost(LIMIT);
    }

    private void setBack() {
        log.appendAndWitness(100);
        log.db.dump();
        log.appendAndWitness(50);
        log.db.restore();
        log.db.query("delete from lease");
    }

    private long head() {
        return log.db.number("select last_seq from log_head");
    }

    @Test
    void aLogThatOnlyTheWitnessKnowsToHaveBeenLongerGivesNoPositionUntilItIsAdopted() {
        setBack();
        Verdict contradicted =
                new Verdict.Contradicted(100, 150, ProvenLog.WITNESS_KEY.key().name());
        assertThat(look(check(EMPTY))).isEqualTo(contradicted);
        assertThat(contradicted.stops()).isTrue();
        assertThat(look(check(UNREACHABLE)))
                .as("the broker's silence is no excuse")
                .isEqualTo(contradicted);

        log.append(3);
        assertThat(ProvenLog.step(new Sequencer(log.db.pool, check(EMPTY)::sound)))
                .isZero();
        assertThat(head()).isEqualTo(100);

        Restore.Adopted adopted = adopt();
        assertThat(adopted.witnessed()).isEqualTo(150);
        assertThat(adopted.firstSeq()).isEqualTo(101);
        assertThat(look(check(EMPTY))).isEqualTo(new Verdict.Sound());
        log.db.query("delete from lease");
        log.sequencer = new Sequencer(log.db.pool, check(EMPTY)::sound);
        log.proving = log.proving();
        log.appendAndWitness(20);
        assertThat(head()).isEqualTo(123);
        assertThat(log.verdict()).isEqualTo(Witnessing.Verdict.COSIGNED);
        assertThat(log.verify(true).findings())
                .singleElement()
                .satisfies(found -> assertThat(found.kind()).isEqualTo(Kind.LOST_BY_RESTORE));
        assertThat(log.verify(true).proven()).isEqualTo(123);
        assertThat(catchThrowable(this::adopt)).isInstanceOf(Restore.NothingToAdopt.class);
    }

    @Test
    void whoLeadsWhenItIsFoundLeadsNoMore() {
        log.appendAndWitness(100);
        log.db.dump();
        log.appendAndWitness(50);
        log.db.restore();
        log.db.query("delete from lease");
        // It began while neither topic nor witness could be asked.
        Sequencer leads = new Sequencer(log.db.pool);
        log.append(70);
        assertThat(ProvenLog.step(leads)).isEqualTo(70);
        log.proving = log.proving();
        while (ProvenLog.step(log.proving) > 0) {}

        assertThat(look(check(EMPTY)))
                .as("longer than the witness saw it, and another")
                .isInstanceOf(Verdict.Contradicted.class);
        log.append(1);
        assertThat(catchThrowable(() -> ProvenLog.step(leads))).isNull();
        assertThat(head()).isEqualTo(170);
    }

    @Test
    void whatWasFoundStandsWhenTheWitnessIsGone() {
        setBack();
        assertThat(look(check(EMPTY)).stops()).isTrue();
        log.leave();
        assertThat(look(check(EMPTY)).stops()).as("in a new process").isTrue();
        adopt();
        assertThat(look(check(EMPTY))).isEqualTo(new Verdict.Sound());
    }

    @Test
    void aLifeThatThisDatabaseHasNeverHeardOfIsAdoptedAsUndone() {
        setBack();
        look(check(EMPTY));
        Restore.Adopted second = adopt();
        log.restart();
        log.appendAndWitness(5);
        log.db.restore(); // to before the adoption
        log.db.query("delete from lease");
        assertThat(look(check(EMPTY)).stops()).isTrue();
        adopt();
        assertThat(look(check(EMPTY))).isEqualTo(new Verdict.Sound());
        assertThat(log.db.number(
                        "select count(*) from log_epoch where first_seq is null and epoch = '" + second.epoch() + "'"))
                .isEqualTo(1);
    }

    @Test
    void aWitnessThatGivesNoAnswerOrRubbishStopsNothing() {
        log.appendAndWitness(10);
        Checkpoint real = Checkpoint.parse(log.seen().getFirst().text());
        String larger = new Checkpoint(real.origin(), 99, real.root()).text();
        NoteSigner stranger = NoteSigner.of(real.origin(), NoteKey.Type.NOTE, ProvenLog.seed(9));
        Note.Signed own = ProvenLog.LOG_KEY.named(real.origin()).sign(larger);
        Note.Signed cosigned = ProvenLog.WITNESS_KEY.cosign(larger, Instant.EPOCH.plusSeconds(1));
        for (String rubbish : List.of(
                "",
                "rubbish",
                "x".repeat(2_000_000),
                // The witness's word alone, or with somebody else's signature: it could silence anybody.
                new Note(larger, List.of(cosigned)).format(),
                new Note(larger, List.of(stranger.sign(larger), cosigned)).format(),
                new Note(larger, List.of(own)).format())) {
            log.says.set(Optional.of(rubbish));
            assertThat(look(check(EMPTY)))
                    .as(rubbish.lines()
                            .limit(5)
                            .collect(Collectors.joining("|"))
                            .substring(0, Math.min(40, rubbish.length())))
                    .isEqualTo(new Verdict.Sound());
        }
        log.says.set(Optional.of(new Note(larger, List.of(own, cosigned)).format()));
        assertThat(look(check(EMPTY)).stops()).as("with both it is evidence").isTrue();
    }

    @Test
    void aWitnessThatIsGoneStopsNothing() {
        log.appendAndWitness(10);
        log.leave();
        assertThat(look(check(EMPTY))).isEqualTo(new Verdict.Sound());
    }

    @Test
    void aWitnessThatWasSetBackItselfContradictsNobody() {
        log.appendAndWitness(10);
        String old = log.seen().getFirst().format();
        log.appendAndWitness(10);
        log.says.set(Optional.of(old));
        assertThat(look(check(EMPTY))).isEqualTo(new Verdict.Sound());
    }
}
