package org.passerelle.eventsourcing;

/** An append that changed nothing, and why. */
public abstract sealed class AppendRejected extends RuntimeException {

    private AppendRejected(String message) {
        super(message, null, false, false);
    }

    /** The stream has another version than the writer believed. */
    public static final class VersionConflict extends AppendRejected {
        private final StreamId stream;
        private final long actual;

        public VersionConflict(StreamId stream, long actual) {
            super("the stream is at version " + actual);
            this.stream = stream;
            this.actual = actual;
        }

        public StreamId stream() {
            return stream;
        }

        /** The version the stream really has; 0 when it does not exist. */
        public long actual() {
            return actual;
        }
    }

    /** The same idempotency key is being worked on right now and did not end within 5 s. */
    public static final class InFlight extends AppendRejected {
        public InFlight() {
            super("the same idempotency key is in flight");
        }
    }

    /** The idempotency key was used for another request. */
    public static final class KeyReused extends AppendRejected {
        public KeyReused() {
            super("the idempotency key was used for another request");
        }
    }

    /** More or larger events than one append may hold. */
    public static final class TooLarge extends AppendRejected {
        public TooLarge(String limit) {
            super(limit);
        }
    }
}
