package org.passerelle.identification.links.following;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.UUID;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.IncomingEvent;

/** A ticket that was given just before opens nothing either. Remembered for longer than any ticket lives. */
@ApplicationScoped
public class WhenALinkIsRevokedThenItsTicketsOpenNothing implements Effect {

    @Override
    public String consumer() {
        return "identification.revoked-links";
    }

    @Override
    public String topic() {
        return "passerelle.referral";
    }

    @Override
    public Set<String> types() {
        return Set.of("passerelle.referral.link-revoked.v1");
    }

    @Override
    public boolean decidesAccess() {
        return true;
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        JsonNode link = event.data().get("linkId");
        if (link == null || !link.isTextual()) {
            throw new IllegalArgumentException("without linkId");
        }
        return tx.query("delete from revoked_link where noted_at < clock_timestamp() - interval '1 hour'")
                .execute()
                .chain(() -> tx.preparedQuery("insert into revoked_link (link_id) values ($1) on conflict do nothing")
                        .execute(Tuple.of(UUID.fromString(link.textValue()))))
                .replaceWithVoid();
    }
}
