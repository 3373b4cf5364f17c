package org.passerelle.eventsourcing;

/** Signals that a receipt exists: the command took effect before, and this was the answer. */
public final class AlreadyAnswered extends RuntimeException {

    private final transient StoredAnswer answer;

    public AlreadyAnswered(StoredAnswer answer) {
        super("already answered", null, false, false);
        this.answer = answer;
    }

    public StoredAnswer answer() {
        return answer;
    }
}
