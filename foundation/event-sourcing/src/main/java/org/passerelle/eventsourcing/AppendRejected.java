package org.passerelle.eventsourcing;

import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.KeysUnavailable;

/** An append that was not acknowledged, and why. But for {@link UnknownOutcome} nothing was changed. */
public abstract sealed class AppendRejected extends RuntimeException {

    private AppendRejected(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }

    private AppendRejected(String message) {
        this(message, null);
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

    /** The store cannot take it now; nothing was changed; worth another try. */
    public static final class Unavailable extends AppendRejected {
        public Unavailable(String why, @Nullable Throwable cause) {
            super(why, cause);
        }
    }

    /**
     * The connection broke while the append was under way: it may have been stored or not. Sent again with the same
     * receipt it gets the one true answer.
     */
    public static final class UnknownOutcome extends AppendRejected {
        public UnknownOutcome(Throwable cause) {
            super("the outcome is not known", cause);
        }
    }

    /** The reason in the words of this class, where the failure is the store's; else the failure itself. */
    static Throwable why(Throwable failure, Append append) {
        if (failure instanceof PgException postgres) {
            String state = String.valueOf(postgres.getSqlState());
            if (state.equals("55P03")) {
                return append.receipt() == null
                        ? new Unavailable("a stream is held by another", failure)
                        : new InFlight();
            }
            // PostgreSQL ends a session with these whatever it is doing, a commit included.
            if (state.equals("57P01") || state.equals("57P02") || state.startsWith("08")) {
                return new UnknownOutcome(failure);
            }
            return Infrastructure.isTrouble(failure) ? new Unavailable("PostgreSQL refused", failure) : failure;
        }
        // An inline projection may open what is sealed. A commit asks for no keys.
        if (failure instanceof KeysUnavailable) {
            return new Unavailable("keys", failure);
        }
        if (failure instanceof ConnectException) {
            return new Unavailable("PostgreSQL does not answer", failure);
        }
        return Infrastructure.isTrouble(failure) && !(failure instanceof AppendRejected)
                ? new UnknownOutcome(failure)
                : failure;
    }
}
