package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/** A lease whose holder looks before it leaps: each time it begins to lead it asks whether the log is whole. */
final class Leadership {

    private final Lease lease;
    private final Supplier<Uni<Boolean>> mayBegin;
    /** The term that began with a look; 0 before one did. */
    private long begunTerm;
    /** The highest head of the log that was seen in this term. */
    private long lastHead;

    Leadership(Lease lease, Supplier<Uni<Boolean>> mayBegin) {
        this.lease = lease;
        this.mayBegin = mayBegin;
    }

    /** The head lies before one that this leader has seen: the database was restored under it. */
    static final class WentBack extends RuntimeException {
        WentBack() {
            super("the log went back", null, false, false);
        }
    }

    /** Whether this process leads, and has looked since it does. */
    Uni<Boolean> leads() {
        return lease.hold().flatMap(leads -> leads ? begun() : Uni.createFrom().item(false));
    }

    private Uni<Boolean> begun() {
        long term = lease.term();
        if (term == begunTerm) {
            return Uni.createFrom().item(true);
        }
        return mayBegin.get().flatMap(may -> {
            if (!may) {
                return Uni.createFrom().item(false);
            }
            // The look may have taken longer than the lease.
            return lease.hold().map(leads -> {
                if (!leads || lease.term() != term) {
                    return false;
                }
                begunTerm = term;
                lastHead = 0;
                return true;
            });
        });
    }

    long lastHead() {
        return lastHead;
    }

    /** To be told each head that is seen. */
    void sawHead(long head) {
        if (head < lastHead) {
            throw new WentBack();
        }
        lastHead = head;
    }

    /** To be told how far this leader has moved the head itself. */
    void movedHead(int by) {
        lastHead += by;
    }

    /** Looks again before anything else is done. */
    void lookAgain() {
        begunTerm = 0;
    }
}
