package org.passerelle.eventsourcing;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who caused an event, and in which chain of cause and effect.
 *
 * @param issuer        of the identity, or {@code passerelle} for the system itself
 * @param subject       within the issuer; an account, never a person's name
 * @param organisation  on whose behalf; null for the system
 * @param correlationId the whole chain
 * @param causationId   the event that led here; null where a person or a clock did
 */
public record Metadata(
        String issuer,
        String subject,
        @Nullable String organisation,
        String correlationId,
        @Nullable String causationId) {

    /** Something the software does by itself, e.g. {@code routing}. */
    public static Metadata system(String part) {
        return new Metadata("passerelle", part, null, UUID.randomUUID().toString(), null);
    }

    /** What the software does by itself because of an event that came in. */
    public static Metadata because(String part, IncomingEvent cause) {
        return new Metadata("passerelle", part, null, cause.correlationId(), cause.id());
    }
}
