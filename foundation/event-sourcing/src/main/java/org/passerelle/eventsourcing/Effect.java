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

    /**
     * The types it uses, e.g. {@code passerelle.referral.offer-accepted.v1}. Others are passed over; another version of
     * one of them parks the case.
     */
    Set<String> types();

    /**
     * Whether its facts decide who may see a case: consent, relation, organisation, erasure. While one of them cannot be
     * processed that case is denied ({@link Parking#denied}), and it is never skipped. Such an effect does nothing else,
     * so that no other event holds it back.
     */
    default boolean decidesAccess() {
        return false;
    }

    /**
     * @return failing with {@link FactMissing} lets the case wait; with {@link Refusal} or any error but one of infrastructure parks the case: it waits for an
     *     operator, with all that follows for it, while other cases go on
     */
    Uni<Void> apply(SqlConnection tx, IncomingEvent event);

    /**
     * A case that waited goes on, in the transaction in which the last of its records was applied or skipped, and after
     * that: {@link Parking#denied} does not count it any more. Here is done what {@link #apply} put off because not all of
     * the case had been heard. If it fails, the case waits as before.
     *
     * @param last the last record that waited
     */
    default Uni<Void> resumed(SqlConnection tx, IncomingEvent last) {
        return Uni.createFrom().voidItem();
    }
}
