package org.passerelle.acceptance.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.acceptance.torture.checker.Anomaly.Kind;
import org.passerelle.acceptance.torture.history.Entry.Kept;
import org.passerelle.acceptance.torture.history.Entry.Seen;

/**
 * Consumers and followers that were broken the way known ones are, and the sound ones beside them, in a simulation that
 * crashes and fails as the seed says.
 */
@Tag("torture")
class BrokenConsumersAreCaughtTest {

    private static final int EVENTS = 60;
    private static final int SEEDS = 100;

    /** How a consumer or follower works. */
    private enum Way {
        /** The effect and the case's position in one transaction; a failure is tried again before anything else. */
        SOUND(null),
        /** Saves the position of the whole batch, then works on it. */
        CHECKPOINT_TOO_FAR(Kind.EFFECT_MISSING),
        /** Has the effect, then saves its position in another transaction. */
        DOUBLE_EFFECT(Kind.EFFECT_DOUBLED),
        /** Puts what fails on a topic for later and goes on with the case. */
        OVERTAKING_AFTER_A_FAILURE(Kind.EFFECT_OVERTOOK),
        /** Reads until nothing comes, then subscribes to what is new. */
        HAND_OVER_LOSS(Kind.READER_MISSED);

        private final Kind caughtAs;

        Way(Kind caughtAs) {
            this.caughtAs = caughtAs;
        }
    }

    /** One life of everything: a log that is sound, a consumer and a follower that need not be. */
    private static final class World {
        private final Way way;
        private final Random random;
        private final Sketch sketch = new Sketch();
        private final List<Kept> log = new ArrayList<>();
        private final Map<String, Long> versions = new HashMap<>();
        private int effects;

        World(Way way, long seed) {
            this.way = way;
            this.random = new Random(seed);
        }

        private void append() {
            int seq = log.size() + 1;
            String stream = "torture-case" + random.nextInt(4);
            String token = "t" + seq;
            sketch.asked(token, stream);
            long version = versions.merge(stream, 1L, Long::sum);
            sketch.kept(seq, stream, version, token);
            sketch.accepted(token, stream, version);
            log.add((Kept) sketch.entries().get(sketch.entries().size() - 2));
        }

        private void effect(Kept event) {
            sketch.effect(++effects, event.stream().substring("torture-".length()), event.seq(), event.token());
        }

        List<Kind> live() {
            follow();
            consume();
            return sketch.kinds();
        }

        private void follow() {
            int cursor = 0;
            while (log.size() < EVENTS / 2) {
                append();
                cursor = random.nextBoolean() ? read(cursor) : cursor;
            }
            cursor = read(cursor);
            // Here it has caught up, and not yet subscribed.
            for (int i = random.nextInt(3); i >= 0; i--) {
                append();
            }
            if (way == Way.HAND_OVER_LOSS) {
                cursor = log.size();
            }
            while (log.size() < EVENTS) {
                append();
                cursor = read(cursor);
            }
            read(cursor);
        }

        private int read(int cursor) {
            sketch.saw(
                    "follower",
                    cursor,
                    log.subList(cursor, log.size()).stream()
                            .map(e -> new Seen(e.seq(), e.stream(), e.version(), e.token()))
                            .toList());
            return log.size();
        }

        private void consume() {
            int checkpoint = 0;
            Deque<Kept> later = new ArrayDeque<>();
            Set<Long> effected = new HashSet<>();
            while (checkpoint < log.size()) {
                List<Kept> batch = log.subList(checkpoint, Math.min(log.size(), checkpoint + 5));
                if (way == Way.CHECKPOINT_TOO_FAR) {
                    checkpoint += batch.size();
                }
                boolean crashed = false;
                for (Kept event : batch) {
                    boolean fails = random.nextInt(10) == 0;
                    if (fails && way == Way.OVERTAKING_AFTER_A_FAILURE) {
                        later.add(event);
                        continue;
                    }
                    if (fails || random.nextInt(15) == 0) {
                        crashed = true;
                        break;
                    }
                    // The position of the case lies in the effect's transaction, or it does not.
                    if (way == Way.DOUBLE_EFFECT || effected.add(event.seq())) {
                        effect(event);
                    }
                }
                if (!crashed && way != Way.CHECKPOINT_TOO_FAR) {
                    checkpoint += batch.size();
                }
            }
            later.stream().filter(event -> effected.add(event.seq())).forEach(this::effect);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "SOUND")
    void isCaught(Way way) {
        int caught = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Kind> kinds = new World(way, seed).live();
            assertThat(kinds)
                    .as("%s, seed %d, accused of nothing else", way, seed)
                    .allMatch(way.caughtAs::equals);
            caught += kinds.size();
        }
        // In a few lives nothing fails at the wrong moment, so nothing goes wrong either.
        assertThat(caught).as(way.name()).isGreaterThan(SEEDS * 9 / 10);
    }

    @Test
    void theSoundOneIsNotAccused() {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertThat(new World(Way.SOUND, seed).live()).as("seed %d", seed).isEmpty();
        }
    }
}
