package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceRecorded;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.OfferDeclined;
import org.passerelle.referral.referring.ReferralEvent.OfferExpired;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.ReferralCancelled;
import org.passerelle.referral.referring.ReferralEvent.ReferralCompleted;
import org.passerelle.referral.referring.ReferralEvent.ReferralRequested;
import org.passerelle.referral.referring.ReferralEvent.ServiceGapFound;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;

/** Inbox, outbox, tasks and gaps as tables. */
@ApplicationScoped
public class ReferralProjection implements InlineProjection {

    /** Tasks that say why a referral waits: they end with an offer or with a newer reason. */
    private static final String WHY_WAITING = "'no-consent', 'no-consented-recipient'";

    @Override
    public Set<String> categories() {
        return Set.of(ReferralStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        Uni<Void> done = Uni.createFrom().voidItem();
        for (StoredEvent stored : events) {
            ReferralEvent event = ReferralStream.TYPES.decode(stored);
            done = done.chain(() -> apply(tx, event))
                    .chain(() -> run(
                            tx,
                            "update referral_view set version = $2 where referral_id = $1",
                            event.about().referral().value(),
                            stored.version()));
        }
        return done;
    }

    private static Uni<Void> apply(SqlConnection tx, ReferralEvent event) {
        UUID id = event.about().referral().value();
        OffsetDateTime at = utc(event.at());
        return switch (event) {
            case ReferralRequested requested -> requested(tx, requested.request());
            case NeedRouted routed -> Uni.createFrom().voidItem();
            case ServiceOffered offered -> offered(tx, id, offered, at);
            case OfferAccepted accepted -> accepted(tx, id, accepted, at);
            case OfferDeclined declined ->
                answered(
                                tx,
                                declined.offer(),
                                Offer.Standing.DECLINED,
                                declined.reason().code(),
                                at)
                        .chain(() -> waiting(tx, id, "waiting"));
            case OfferExpired expired ->
                answered(tx, expired.offer(), Offer.Standing.EXPIRED, null, at).chain(() -> waiting(tx, id, "waiting"));
            case OfferWithdrawn withdrawn ->
                answered(
                                tx,
                                withdrawn.offer(),
                                Offer.Standing.WITHDRAWN,
                                withdrawn.reason().code(),
                                at)
                        .chain(() -> waiting(tx, id, "waiting"));
            case LateAcceptanceRecorded late -> answered(tx, late.offer(), Offer.Standing.LATE, null, at);
            case CaseWorkerTaskRaised raised -> taskRaised(tx, id, raised, at);
            case ServiceGapFound found -> gapFound(tx, id, found, at);
            case ReferralCompleted completed ->
                ended(tx, id, "completed", completed.outcome().code(), at);
            case ReferralCancelled cancelled ->
                ended(tx, id, "cancelled", cancelled.reason().code(), at);
        };
    }

    private static Uni<Void> requested(SqlConnection tx, Request request) {
        return run(
                tx,
                "insert into referral_view (referral_id, case_code, requested_by, service, urgency, place, stated_at,"
                        + " due_at, state, version) values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 1)",
                request.referral().value(),
                request.caseCode().value(),
                request.requestedBy().value(),
                request.service().name(),
                request.urgency().code(),
                request.place().value(),
                utc(request.statedAt()),
                utc(request.dueAt()));
    }

    private static Uni<Void> offered(SqlConnection tx, UUID id, ServiceOffered offered, OffsetDateTime at) {
        return run(
                        tx,
                        "insert into offer_view (offer_id, referral_id, organisation_id, service_id, standing, offered_at,"
                                + " answer_by) values ($1, $2, $3, $4, 'open', $5, $6)",
                        offered.offer().value(),
                        id,
                        offered.organisation().value(),
                        offered.service().value(),
                        at,
                        utc(offered.answerBy()))
                .chain(() -> run(
                        tx,
                        "update referral_view set state = 'offered', offer_id = $2, offered_to = $3, answer_by = $4"
                                + " where referral_id = $1",
                        id,
                        offered.offer().value(),
                        offered.organisation().value(),
                        utc(offered.answerBy())))
                .chain(() -> settle(tx, id, "reason in (" + WHY_WAITING + ")", at))
                .chain(() -> closeGap(tx, id, at));
    }

    private static Uni<Void> accepted(SqlConnection tx, UUID id, OfferAccepted accepted, OffsetDateTime at) {
        return answered(
                        tx,
                        accepted.offer(),
                        Offer.Standing.ACCEPTED,
                        accepted.channel().code(),
                        at)
                .chain(() -> run(
                        tx,
                        "update referral_view set state = 'accepted', offer_id = $2, offered_to = null, answer_by = null,"
                                + " provider = $3, provider_service = $4, accepted_at = $5 where referral_id = $1",
                        id,
                        accepted.offer().value(),
                        accepted.organisation().value(),
                        accepted.service().value(),
                        at))
                .chain(() -> settle(tx, id, "reason <> 'late-acceptance'", at))
                .chain(() -> closeGap(tx, id, at));
    }

    private static Uni<Void> answered(
            SqlConnection tx, OfferId offer, Offer.Standing standing, @Nullable String reason, OffsetDateTime at) {
        return run(
                tx,
                "update offer_view set standing = $2, reason = $3, answered_at = $4 where offer_id = $1",
                offer.value(),
                standing.name().toLowerCase(Locale.ROOT),
                reason,
                at);
    }

    private static Uni<Void> waiting(SqlConnection tx, UUID id, String state) {
        return run(
                tx,
                "update referral_view set state = $2, offer_id = null, offered_to = null, answer_by = null"
                        + " where referral_id = $1",
                id,
                state);
    }

    private static Uni<Void> taskRaised(SqlConnection tx, UUID id, CaseWorkerTaskRaised raised, OffsetDateTime at) {
        boolean whyWaiting =
                raised.reason() == TaskReason.NO_CONSENT || raised.reason() == TaskReason.NO_CONSENTED_RECIPIENT;
        Uni<Void> before = whyWaiting
                ? settle(tx, id, "reason in (" + WHY_WAITING + ")", at)
                        .chain(() -> closeGap(tx, id, at))
                        .chain(() -> waiting(tx, id, "waiting"))
                : Uni.createFrom().voidItem();
        About about = raised.about();
        return before.chain(() -> run(
                tx,
                "insert into task_view (referral_id, reason, case_code, requested_by, service, place, raised_at)"
                        + " values ($1, $2, $3, $4, $5, $6, $7)"
                        + " on conflict (referral_id, reason) do update set raised_at = $7, settled_at = null",
                id,
                raised.reason().code(),
                about.caseCode().value(),
                about.requestedBy().value(),
                about.service().name(),
                about.place().value(),
                at));
    }

    private static Uni<Void> gapFound(SqlConnection tx, UUID id, ServiceGapFound found, OffsetDateTime at) {
        About about = found.about();
        return run(
                        tx,
                        "insert into gap_view (referral_id, case_code, requested_by, service, place, found_at)"
                                + " values ($1, $2, $3, $4, $5, $6)"
                                + " on conflict (referral_id) do update set found_at = $6, closed_at = null",
                        id,
                        about.caseCode().value(),
                        about.requestedBy().value(),
                        about.service().name(),
                        about.place().value(),
                        at)
                .chain(() -> waiting(tx, id, "gap"))
                .chain(() -> settle(tx, id, "reason in (" + WHY_WAITING + ")", at));
    }

    private static Uni<Void> ended(SqlConnection tx, UUID id, String state, String ending, OffsetDateTime at) {
        return run(
                        tx,
                        "update referral_view set state = $2, ending = $3, ended_at = $4, offer_id = null,"
                                + " offered_to = null, answer_by = null where referral_id = $1",
                        id,
                        state,
                        ending,
                        at)
                // what the service had reserved is free again
                .chain(() -> run(
                        tx,
                        "update offer_view set standing = 'ended' where referral_id = $1 and standing = 'accepted'",
                        id))
                .chain(() -> settle(tx, id, "true", at));
    }

    private static Uni<Void> settle(SqlConnection tx, UUID id, String which, OffsetDateTime at) {
        return run(
                tx,
                "update task_view set settled_at = $2 where referral_id = $1 and settled_at is null and " + which,
                id,
                at);
    }

    private static Uni<Void> closeGap(SqlConnection tx, UUID id, OffsetDateTime at) {
        return run(tx, "update gap_view set closed_at = $2 where referral_id = $1 and closed_at is null", id, at);
    }

    private static Uni<Void> run(SqlConnection tx, String sql, @Nullable Object... values) {
        Tuple tuple = Tuple.tuple();
        for (Object value : values) {
            tuple.addValue(value);
        }
        return tx.preparedQuery(sql).execute(tuple).replaceWithVoid();
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
