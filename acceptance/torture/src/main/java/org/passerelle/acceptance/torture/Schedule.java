package org.passerelle.acceptance.torture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which faults come when: drawn from the seed alone, every kind once before any comes again. */
record Schedule(List<Step> steps) {

    /**
     * @param pauseMillis after the previous fault has ended
     * @param forMillis   how long this one lasts
     * @param which       of the replicas
     */
    record Step(Fault fault, int pauseMillis, int forMillis, int which) {}

    static Schedule of(long seed, int steps) {
        Random random = new Random(seed);
        List<Step> drawn = new ArrayList<>();
        List<Fault> deck = new ArrayList<>();
        while (drawn.size() < steps) {
            if (deck.isEmpty()) {
                deck.addAll(Arrays.asList(Fault.values()));
                Collections.shuffle(deck, random);
            }
            Fault fault = deck.removeLast();
            drawn.add(new Step(fault, random.nextInt(300, 2_000), duration(fault, random), random.nextInt(2)));
        }
        return new Schedule(List.copyOf(drawn));
    }

    private static int duration(Fault fault, Random random) {
        return switch (fault) {
            // Longer than a lease and than a group's patience, so that others take over and the paused one wakes late.
            case FREEZE_PRODUCER -> random.nextInt(6_000, 9_000);
            case FREEZE_CONSUMER -> random.nextInt(11_000, 14_000);
            case BLACK_HOLE_BEFORE_DATABASE -> random.nextInt(3_000, 8_000);
            case LONG_TRANSACTION -> random.nextInt(4_000, 9_000);
            case KILL_PRODUCER, KILL_ALL_PRODUCERS, KILL_CONSUMER -> random.nextInt(0, 2_500);
            case KILL_PRODUCING_DATABASE, KILL_CONSUMING_DATABASE, KILL_KAFKA -> random.nextInt(0, 1_500);
            case FREEZE_KAFKA, BLACK_HOLE_BEFORE_KAFKA -> random.nextInt(2_000, 6_000);
            case CUT_PRODUCER_FROM_DATABASE,
                    CUT_CONSUMER_FROM_DATABASE,
                    CUT_ALL_FROM_KAFKA,
                    HALF_CLOSE_DATABASE,
                    ANSWERS_OF_DATABASE_LOST,
                    LATE_DATABASE,
                    REFUSE_DATABASE,
                    FILL_DISK,
                    CLOCK_FORWARD,
                    CLOCK_BACKWARD,
                    RESTART_CONSUMERS_IN_REBALANCE -> random.nextInt(1_000, 3_500);
            case RESTORE_FROM_DUMP -> random.nextInt(2_000, 5_000);
            case REPUBLISH_FROM_START, READ_FROM_START -> 0;
        };
    }
}
