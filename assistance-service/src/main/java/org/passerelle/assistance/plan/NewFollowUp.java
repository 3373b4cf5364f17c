package org.passerelle.assistance.plan;

import java.time.Instant;

/** A follow-up to be scheduled; id and time are resolved by whoever asks for it. */
public record NewFollowUp(FollowUpId id, Instant dueAt, FollowUpKind kind) {}
