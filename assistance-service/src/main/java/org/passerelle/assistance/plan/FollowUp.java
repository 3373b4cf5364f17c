package org.passerelle.assistance.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A follow-up of the plan.
 *
 * @param outcome null until it is done
 * @param note    free text of who made it; null without one
 */
public record FollowUp(
        FollowUpId id,
        Instant dueAt,
        FollowUpKind kind,
        State state,
        @Nullable FollowUpOutcome outcome,
        @Nullable String note) {

    public enum State {
        SCHEDULED,
        DUE,
        DONE,
        /** The plan was closed before it could be made. */
        DROPPED
    }

    public boolean pending() {
        return switch (state) {
            case SCHEDULED, DUE -> true;
            case DONE, DROPPED -> false;
        };
    }

    FollowUp in(State newState) {
        return new FollowUp(id, dueAt, kind, newState, outcome, note);
    }

    FollowUp doneWith(FollowUpOutcome found, @Nullable String newNote) {
        return new FollowUp(id, dueAt, kind, State.DONE, found, newNote);
    }
}
