package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Set;

/**
 * What a service does when another one tells it something. Runs inside the transaction that moves the consumer's row of
 * the case: exactly one effect, in order per case, however often the record arrives.
 */
public interface Effect {

    /** Names the consumer; keeps its own position per case. Never rename: a new name starts from nothing. */
    String consumer();

    String topic();

    /** The types it uses, e.g. {@code passerelle.referral.offer-accepted.v1}; others are passed over. */
    Set<String> types();

    /**
     * @return failing with {@link Refusal} or any error but one of infrastructure parks the case: it waits for an
     *     operator, with all that follows for it, while other cases go on
     */
    Uni<Void> apply(SqlConnection tx, IncomingEvent event);
}
