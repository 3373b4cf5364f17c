package org.passerelle.acceptance.torture;

/** What the nemesis can do. */
enum Fault {
    KILL_PRODUCER(true),
    KILL_ALL_PRODUCERS(false),
    KILL_CONSUMER(true),
    KILL_PRODUCING_DATABASE(false),
    KILL_CONSUMING_DATABASE(true),
    KILL_KAFKA(false),
    FREEZE_PRODUCER(true),
    FREEZE_CONSUMER(true),
    FREEZE_KAFKA(false),
    CUT_PRODUCER_FROM_DATABASE(true),
    CUT_CONSUMER_FROM_DATABASE(true),
    CUT_ALL_FROM_KAFKA(false),
    BLACK_HOLE_BEFORE_DATABASE(true),
    BLACK_HOLE_BEFORE_KAFKA(false),
    ANSWERS_OF_DATABASE_LOST(true),
    HALF_CLOSE_DATABASE(true),
    LATE_DATABASE(false),
    REFUSE_DATABASE(true),
    FILL_DISK(false),
    CLOCK_FORWARD(true),
    CLOCK_BACKWARD(true),
    RESTART_CONSUMERS_IN_REBALANCE(true),
    LONG_TRANSACTION(true),
    REPUBLISH_FROM_START(true),
    READ_FROM_START(true),
    RESTORE_FROM_DUMP(false);

    private final boolean survivable;

    Fault(boolean survivable) {
        this.survivable = survivable;
    }

    /** Whether the log must go on within 5 s nevertheless; a change of leader needs Kafka, so not without that. */
    boolean survivable() {
        return survivable;
    }
}
