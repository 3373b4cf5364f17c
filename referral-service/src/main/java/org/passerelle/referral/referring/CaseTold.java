package org.passerelle.referral.referring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.referral.codes.CaseCode;

/** What the consumers of identification-service's events share. */
@ApplicationScoped
class CaseTold {

    <T> T read(ObjectMapper json, IncomingEvent event, Class<T> type) {
        try {
            return json.treeToValue(event.data(), type);
        } catch (JsonProcessingException unreadable) {
            // without its message, which quotes the data
            throw new IllegalArgumentException("unreadable " + type.getSimpleName());
        }
    }

    Metadata by(IncomingEvent event) {
        return new Metadata("passerelle", "routing", null, event.correlationId(), event.id());
    }

    /**
     * One at a time for each case: needs and consents come by different consumers, and of a need and a consent that
     * arrive together one must see the other.
     */
    Uni<Void> lock(SqlConnection tx, CaseCode code) {
        return tx.preparedQuery("insert into case_fact (case_code) values ($1) on conflict do nothing")
                .execute(Tuple.of(code.value()))
                .chain(() -> tx.preparedQuery("select 1 from case_fact where case_code = $1 for update")
                        .execute(Tuple.of(code.value())))
                .replaceWithVoid();
    }
}
