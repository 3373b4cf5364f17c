package org.passerelle.referral.emergency;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.UUID;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.IncomingEvent;

/** Somebody breaks the glass of a case: its owner finds that among its tasks until the review is closed. */
@ApplicationScoped
public class WhenGlassIsBrokenThenTellTheOwner implements Effect {

    private static final String BROKEN = "passerelle.identification.glass-broken.v1";
    private static final String REVIEWED = "passerelle.identification.glass-reviewed.v1";

    @Override
    public String consumer() {
        return "emergency-notices";
    }

    @Override
    public String topic() {
        return "passerelle.identification";
    }

    @Override
    public Set<String> types() {
        return Set.of(BROKEN, REVIEWED);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        return switch (event.type()) {
            case BROKEN -> broken(tx, event);
            case REVIEWED ->
                tx.preparedQuery("update emergency_notice set reviewed = true where glass_id = $1")
                        .execute(Tuple.of(UUID.fromString(text(event, "glassId"))))
                        .replaceWithVoid();
            default -> throw new IllegalArgumentException("not a listed type: " + event.type());
        };
    }

    private static Uni<Void> broken(SqlConnection tx, IncomingEvent event) {
        return tx.preparedQuery(
                        "insert into emergency_notice (glass_id, case_code, owner, organisation, broken_at, open_until,"
                                + " review_by) values ($1, $2, $3, $4, $5, $6, $7)"
                                + " on conflict (glass_id) do nothing")
                .execute(Tuple.tuple()
                        .addUUID(UUID.fromString(text(event, "glassId")))
                        .addString(event.subject())
                        .addString(text(event, "ownerOrganisation"))
                        .addString(text(event, "organisation"))
                        .addOffsetDateTime(OffsetDateTime.parse(text(event, "brokenAt")))
                        .addOffsetDateTime(OffsetDateTime.parse(text(event, "until")))
                        .addOffsetDateTime(OffsetDateTime.parse(text(event, "reviewBy"))))
                .replaceWithVoid();
    }

    /** Without it the event parks. */
    private static String text(IncomingEvent event, String field) {
        JsonNode value = event.data().path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("no " + field);
        }
        return value.asText();
    }
}
