package org.passerelle.reporting.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a case's timeline: when, who, what.
 *
 * @param time when the service recorded it
 * @param service which service told it
 * @param sequence its position in that service's log
 * @param organisation who did it, or to whom it was offered; the case's owner where the event names nobody; null while
 *     the owner is unknown
 * @param what a sentence in the reader's language, free of anything that identifies the person
 */
public record TimelineLine(
        Instant time,
        String service,
        long sequence,
        String type,
        @Nullable String organisation,
        @Nullable String referralId,
        String what) {}
