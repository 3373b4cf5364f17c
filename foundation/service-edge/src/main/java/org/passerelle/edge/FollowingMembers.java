package org.passerelle.edge;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.IncomingEvent;

/**
 * Organisations are suspended and their members change: access follows. A service that listens to the directory declares a
 * bean of this. A consumer of its own, so that nothing holds a suspension back.
 */
public abstract class FollowingMembers implements Effect {

    static final String CONSUMER = "members";

    private static final String SUSPENDED = "passerelle.referral.organisation-suspended.v1";
    private static final String REACTIVATED = "passerelle.referral.organisation-reactivated.v1";
    private static final String RECORDED = "passerelle.referral.member-recorded.v1";
    private static final String REMOVED = "passerelle.referral.member-removed.v1";
    private static final String COMPLETED = "passerelle.referral.members-completed.v1";
    private static final String HEARTBEAT = "passerelle.referral.heartbeat.v1";

    @Inject
    Memberships memberships;

    @Override
    public String consumer() {
        return CONSUMER;
    }

    @Override
    public String topic() {
        return "passerelle.referral";
    }

    @Override
    public Set<String> types() {
        return Set.of(SUSPENDED, REACTIVATED, RECORDED, REMOVED, COMPLETED, HEARTBEAT);
    }

    @Override
    public boolean decidesAccess() {
        return true;
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        if (event.type().equals(HEARTBEAT)) {
            return heard(tx, event);
        }
        String organisation = text(event, "organisation");
        return switch (event.type()) {
            case SUSPENDED -> memberships.suspended(tx, organisation, true);
            case REACTIVATED -> memberships.suspended(tx, organisation, false);
            case RECORDED -> memberships.recorded(tx, organisation, text(event, "member"), roles(event));
            case REMOVED -> memberships.removed(tx, organisation, text(event, "member"));
            case COMPLETED -> memberships.complete(tx, organisation);
            default -> throw new IllegalArgumentException("no fact of membership");
        };
    }

    /** The sender's time counts, so that a backlog is as old as it is; a clock that runs ahead, the sender's or our own, gains nothing. */
    private static Uni<Void> heard(SqlConnection tx, IncomingEvent event) {
        return tx.preparedQuery("update members_heard set at = greatest(case when at > clock_timestamp()"
                        + " then '-infinity'::timestamptz else at end, least($1, clock_timestamp()))")
                .execute(Tuple.of(event.time().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    private static List<String> roles(IncomingEvent event) {
        List<String> roles = new ArrayList<>();
        event.data().path("roles").forEach(role -> roles.add(role.asText()));
        return roles;
    }

    /** Without it the event parks, and its organisation is denied. */
    private static String text(IncomingEvent event, String field) {
        JsonNode value = event.data().path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("no " + field);
        }
        return value.asText();
    }
}
