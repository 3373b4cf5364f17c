package org.passerelle.reporting.ledger.keeping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
    /** What a need says of the person. No report reads it, so it is not kept. */
    private static final List<String> OF_THE_PERSON = List.of("age", "child", "sex", "languages", "circumstances");

    private static final String NEED_STATED = "passerelle.identification.need-stated.v1";

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
                Buffer.buffer(kept(event).toString().getBytes(StandardCharsets.UTF_8))));
        return tx.preparedQuery("insert into ledger_entry (source, sequence, case_code, event_id, recorded_at, type,"
                        + " organisation, referral_id, service_id, data)"
                        + " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing")
                .execute(row)
                .replaceWithVoid();
    }

    private static JsonNode kept(IncomingEvent event) {
        return event.type().equals(NEED_STATED) && event.data() instanceof ObjectNode need
                ? need.deepCopy().without(OF_THE_PERSON)
                : event.data();
    }

    /**
     * Takes what was told of an erased person's attributes out of the entries of their case, where earlier releases kept it;
     * the rest is codes and clocks.
     */
    Uni<Void> strip(SqlConnection tx, String caseCode) {
        return tx.preparedQuery("update ledger_entry set data = convert_to((convert_from(data, 'UTF8')::jsonb"
                        + " - $2::text[])::text, 'UTF8') where case_code = $1 and type = $3")
                .execute(Tuple.of(caseCode, OF_THE_PERSON.toArray(String[]::new), NEED_STATED))
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
