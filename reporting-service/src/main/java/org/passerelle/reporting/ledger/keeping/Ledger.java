package org.passerelle.reporting.ledger.keeping;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.reporting.ledger.Entry;
import org.passerelle.reporting.ledger.Facts;

/** The case ledger: one row per public event. */
@ApplicationScoped
public class Ledger {
    private final Mutiny.SessionFactory sessions;

    @Inject
    Ledger(Mutiny.SessionFactory sessions) {
        this.sessions = sessions;
    }

    /**
     * Adds an event, in the transaction of its effect. An event that is already in the ledger stays as it is: a refilled
     * topic tells nothing twice.
     */
    Uni<Void> add(SqlConnection tx, IncomingEvent event) {
        Tuple row = Tuple.wrap(Arrays.asList(
                event.source(),
                event.sequence(),
                event.subject(),
                event.id(),
                event.time().atOffset(ZoneOffset.UTC),
                event.type(),
                Facts.organisationIn(event.data()),
                Facts.referralIn(event.data()),
                Facts.serviceIn(event.data()),
                Buffer.buffer(event.data().toString().getBytes(StandardCharsets.UTF_8))));
        return tx.preparedQuery("insert into ledger_entry (source, sequence, case_code, event_id, recorded_at, type,"
                        + " organisation, referral_id, service_id, data)"
                        + " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing")
                .execute(row)
                .replaceWithVoid();
    }

    /** Takes what was told of an erased person's attributes out of the entries of their case; the rest is codes and clocks. */
    Uni<Void> strip(SqlConnection tx, String caseCode) {
        return tx.preparedQuery("update ledger_entry set data = convert_to((convert_from(data, 'UTF8')::jsonb"
                        + " - '{age,child,sex,languages,circumstances}'::text[])::text, 'UTF8')"
                        + " where case_code = $1 and type = 'passerelle.identification.need-stated.v1'")
                .execute(Tuple.of(caseCode))
                .replaceWithVoid();
    }

    /** Everything told about a case; empty for a case that nobody has told about. */
    public Uni<List<Entry>> of(String caseCode) {
        return sessions.withSession(session -> session.createQuery(
                                "from LedgerRow where caseCode = :code order by recordedAt, source, sequence",
                                LedgerRow.class)
                        .setParameter("code", caseCode)
                        .getResultList())
                .map(rows -> rows.stream().map(LedgerRow::entry).toList());
    }
}
