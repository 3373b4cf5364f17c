package org.passerelle.edge;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.IncomingEvent;

/**
 * Somebody breaks the glass of a case, and reads here too for as long as it is open; a later word of the person that
 * withholds the case from them closes it. A service that gives something out behind a broken glass declares a bean of this.
 */
public abstract class FollowingGlass implements Effect {

    private static final String BROKEN = "passerelle.identification.glass-broken.v1";
    private static final String REVIEWED = "passerelle.identification.glass-reviewed.v1";
    private static final String CONSENT = "passerelle.identification.consent-recorded.v1";

    @Override
    public String consumer() {
        return "broken-glass";
    }

    @Override
    public String topic() {
        return "passerelle.identification";
    }

    @Override
    public Set<String> types() {
        return Set.of(BROKEN, REVIEWED, CONSENT);
    }

    @Override
    public boolean decidesAccess() {
        return true;
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        return switch (event.type()) {
            case BROKEN -> broken(tx, event);
            case REVIEWED ->
                tx.preparedQuery("update broken_glass set reviewed = true where glass_id = $1")
                        .execute(Tuple.of(UUID.fromString(text(event, "glassId"))))
                        .replaceWithVoid();
            case CONSENT -> withheld(tx, event);
            default -> throw new IllegalArgumentException("not a listed type: " + event.type());
        };
    }

    private static Uni<Void> broken(SqlConnection tx, IncomingEvent event) {
        return tx.preparedQuery(
                        "insert into broken_glass (glass_id, account, case_code, owner, organisation, authority,"
                                + " broken_at, open_until, review_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                                + " on conflict (glass_id) do nothing")
                .execute(Tuple.tuple()
                        .addUUID(UUID.fromString(text(event, "glassId")))
                        .addString(text(event, "member"))
                        .addString(event.subject())
                        .addString(text(event, "ownerOrganisation"))
                        .addString(text(event, "organisation"))
                        .addBoolean(event.data().path("authority").asBoolean(true))
                        .addOffsetDateTime(OffsetDateTime.parse(text(event, "brokenAt")))
                        .addOffsetDateTime(OffsetDateTime.parse(text(event, "until")))
                        .addOffsetDateTime(OffsetDateTime.parse(text(event, "reviewBy"))))
                .replaceWithVoid();
    }

    /** It stays on the list of reviews. */
    private static Uni<Void> withheld(SqlConnection tx, IncomingEvent event) {
        JsonNode from = event.data().path("withheldFrom");
        List<String> organisations = new ArrayList<>();
        from.path("organisations").forEach(one -> organisations.add(one.asText()));
        boolean authorities = from.path("authorities").asBoolean(true);
        return tx.preparedQuery("update broken_glass set open_until = least(open_until, clock_timestamp())"
                        + " where case_code = $1 and not reviewed and (organisation = any ($2) or ($3 and authority))")
                .execute(Tuple.of(event.subject(), organisations.toArray(String[]::new), authorities))
                .replaceWithVoid();
    }

    /** Without it the event parks, and its case is denied. */
    private static String text(IncomingEvent event, String field) {
        JsonNode value = event.data().path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("no " + field);
        }
        return value.asText();
    }
}
