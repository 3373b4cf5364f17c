package org.passerelle.eventsourcing;

import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.KeysUnavailable;

/** Tells the trouble of infrastructure, which passes, from what will fail the same way again. */
public final class Infrastructure {

    /** SQLSTATE classes: connection, transaction rollback, resources, lock or operator intervention, system, internal. */
    private static final Set<String> PASSING = Set.of("08", "25", "40", "53", "55", "57", "58", "XX");

    private Infrastructure() {}

    public static boolean isTrouble(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException postgres) {
                String state = postgres.getSqlState();
                return state != null && state.length() >= 2 && PASSING.contains(state.substring(0, 2));
            }
            if (cause instanceof KeysUnavailable
                    || cause instanceof AppendRejected.Unavailable
                    || cause instanceof AppendRejected.UnknownOutcome) {
                return true;
            }
            if (cause instanceof IOException && !(cause instanceof com.fasterxml.jackson.core.JacksonException)
                    || cause instanceof TimeoutException
                    || cause instanceof io.smallrye.mutiny.TimeoutException
                    || cause instanceof io.vertx.core.VertxException
                    || cause instanceof org.apache.kafka.common.errors.RetriableException) {
                return true;
            }
        }
        return false;
    }
}
