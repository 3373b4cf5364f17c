package org.passerelle.assistance.access;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.UUID;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.IncomingEvent;

/** Keeps from which organisations a person withholds their case: nobody there sees its plan by coordinating. */
@ApplicationScoped
public class WhenAPersonWithholdsThenNobodyThereCoordinates implements Effect {

    private static final String RECORDED = "passerelle.identification.consent-recorded.v1";
    private static final String WITHDRAWN = "passerelle.identification.consent-withdrawn.v1";

    record ConsentRecorded(UUID consentId, Set<String> scopes, Withheld withheldFrom) {}

    record Withheld(Set<UUID> organisations) {}

    record ConsentWithdrawn(UUID consentId) {}

    @Override
    public String consumer() {
        return "withholding";
    }

    @Override
    public String topic() {
        return "passerelle.identification";
    }

    @Override
    public Set<String> types() {
        return Set.of(RECORDED, WITHDRAWN);
    }

    @Override
    public boolean decidesAccess() {
        return true;
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        return event.type().equals(RECORDED)
                ? recorded(tx, event.subject(), Told.as(ConsentRecorded.class, event))
                : tx.preparedQuery("update case_withholding c set withdrawn = true, withdrawn_after ="
                                + " (select max(l.ordinal) from case_withholding l where l.case_code = c.case_code)"
                                + " where c.consent_id = $1 and not c.withdrawn")
                        .execute(Tuple.of(Told.as(ConsentWithdrawn.class, event).consentId()))
                        .replaceWithVoid();
    }

    private static Uni<Void> recorded(SqlConnection tx, String caseCode, ConsentRecorded consent) {
        UUID[] organisations = consent.withheldFrom().organisations().toArray(UUID[]::new);
        return tx.preparedQuery("insert into case_withholding (consent_id, case_code, organisations, only_hands_over)"
                        + " values ($1, $2, $3, $4) on conflict (consent_id) do nothing")
                .execute(Tuple.of(
                        consent.consentId(),
                        caseCode,
                        organisations,
                        consent.scopes().equals(Set.of("cross-border"))))
                .replaceWithVoid();
    }
}
