package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.eventsourcing.sealing.DataKeys;
import org.passerelle.eventsourcing.sealing.Sealed;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.ClaimReturned;
import org.passerelle.referral.referring.ReferralEvent.DangersFound;
import org.passerelle.referral.referring.ReferralEvent.DecisionAwaited;
import org.passerelle.referral.referring.ReferralEvent.DecisionOverdue;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceRecorded;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceReleased;
import org.passerelle.referral.referring.ReferralEvent.LinkIssued;
import org.passerelle.referral.referring.ReferralEvent.LinkOpened;
import org.passerelle.referral.referring.ReferralEvent.LinkRenewed;
import org.passerelle.referral.referring.ReferralEvent.LinkRevoked;
import org.passerelle.referral.referring.ReferralEvent.NeedEscalated;
import org.passerelle.referral.referring.ReferralEvent.NeedHeldBack;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.OfferAcknowledged;
import org.passerelle.referral.referring.ReferralEvent.OfferDeclined;
import org.passerelle.referral.referring.ReferralEvent.OfferExpired;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.PlacementReviewed;
import org.passerelle.referral.referring.ReferralEvent.ProgressReported;
import org.passerelle.referral.referring.ReferralEvent.ReferralCancelled;
import org.passerelle.referral.referring.ReferralEvent.ReferralClaimed;
import org.passerelle.referral.referring.ReferralEvent.ReferralCompleted;
import org.passerelle.referral.referring.ReferralEvent.ReferralHeld;
import org.passerelle.referral.referring.ReferralEvent.ReferralRequested;
import org.passerelle.referral.referring.ReferralEvent.ReferralResumed;
import org.passerelle.referral.referring.ReferralEvent.ReferralTransferred;
import org.passerelle.referral.referring.ReferralEvent.ServiceBegun;
import org.passerelle.referral.referring.ReferralEvent.ServiceChosen;
import org.passerelle.referral.referring.ReferralEvent.ServiceGapFound;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.referring.ReferralEvent.ServiceStopped;
import org.passerelle.referral.referring.ReferralEvent.StepAwaited;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;
import org.passerelle.referral.referring.ReferralEvent.StopLifted;

/** Inbox, outbox, tasks and gaps as tables. */
@ApplicationScoped
public class ReferralProjection implements InlineProjection {

    @Inject
    DataKeys keys;

    @Inject
    Vacancies vacancies;

    @Inject
    Packages packages;

    @Inject
    Tasks tasks;

    @Inject
    StepColumns steps;

    @Inject
    CaseConsents consents;

    @Inject
    CaseAvoidances avoidances;

    /** The last thing that happened to a need and matters to others. */
    private record Moved(About about, long version, Instant at) {}

    @Override
    public Set<String> categories() {
        return Set.of(ReferralStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        Uni<Void> done = Uni.createFrom().voidItem();
        Map<ReferralId, Moved> referrals = new TreeMap<>(Comparator.comparing(ReferralId::toString));
        List<ServiceOffered> offered = new ArrayList<>();
        Set<ReferralId> givingBack = new HashSet<>();
        for (StoredEvent stored : events) {
            ReferralEvent event = ReferralStream.TYPES.decode(stored);
            if (event instanceof ServiceOffered one) {
                offered.add(one);
            }
            if (givesBack(event)) {
                givingBack.add(event.about().referral());
            }
            if (Packages.isMovedBy(event)) {
                referrals.put(event.about().referral(), new Moved(event.about(), stored.version(), event.at()));
            }
            done = done.chain(() -> event instanceof NeedRouted ? waits(tx, stored) : apply(tx, event))
                    .chain(() -> tasks.settledBy(tx, event))
                    .chain(() -> run(
                            tx,
                            "update referral_view set version = $2 where referral_id = $1",
                            event.about().referral().value(),
                            stored.version()));
        }
        for (Moved moved : referrals.values()) {
            done = done.chain(() -> packages.movedOn(tx, moved.about(), moved.version(), moved.at()));
            if (givingBack.contains(moved.about().referral())) {
                done = done.chain(() -> vacancies.givenUp(tx, moved.about(), moved.version(), moved.at()));
            }
        }
        Uni<Void> all = done;
        boolean nothingIsFreed = givingBack.isEmpty();
        return packages.lock(tx, referrals.values().stream().map(Moved::about).toList())
                .chain(() -> vacancies.lock(
                        tx, offered.stream().map(ServiceOffered::service).toList()))
                .chain(() -> nothingIsFreed && !offered.isEmpty()
                        ? vacancies.suffice(tx, offered)
                        : Uni.createFrom().voidItem())
                .chain(() -> all);
    }

    /**
     * Which services a need waits for is sealed in the log: opened here, and written to the list of those who wait, where
     * it stands as long as they do.
     */
    private Uni<Void> waits(SqlConnection tx, StoredEvent stored) {
        return keys.ring(Sealed.keysIn(stored.data())).flatMap(ring -> {
            NeedRouted routed = (NeedRouted) ReferralStream.TYPES.decode(stored.with(ring));
            return vacancies.wait(tx, routed.about().referral().value(), routed.waitsFor());
        });
    }

    /** Whether it may end an offer or an acceptance, so that another one of the same transaction may take the unit. */
    private static boolean givesBack(ReferralEvent event) {
        return event instanceof OfferDeclined
                || event instanceof OfferExpired
                || event instanceof OfferWithdrawn
                || event instanceof ReferralTransferred
                || event instanceof ReferralCompleted
                || event instanceof ReferralCancelled;
    }

    private Uni<Void> apply(SqlConnection tx, ReferralEvent event) {
        UUID id = event.about().referral().value();
        OffsetDateTime at = utc(event.at());
        return switch (event) {
            case ReferralRequested requested -> requested(tx, requested.request());
            case NeedRouted none -> Uni.createFrom().voidItem();
            case ServiceOffered offered ->
                offered(tx, id, offered, at)
                        .chain(() -> vacancies.check(tx, offered))
                        .chain(() -> packages.check(tx, offered))
                        .chain(() -> consents.check(tx, offered))
                        .chain(() -> avoidances.check(tx, offered));
            case NeedHeldBack held -> Uni.createFrom().voidItem();
            case ServiceChosen chosen ->
                chosen.apart()
                        ? packages.part(tx, chosen.about().referral())
                        : Uni.createFrom().voidItem();
            case OfferAccepted accepted -> accepted(tx, id, accepted, at);
            case OfferDeclined declined ->
                answered(
                                tx,
                                declined.offer(),
                                Offer.Standing.DECLINED,
                                declined.reason().code(),
                                at)
                        .chain(() -> waiting(tx, id, "waiting"))
                        .chain(() -> vacancies.givenBack(tx, declined.offer().value(), event.at()));
            case OfferExpired expired ->
                answered(tx, expired.offer(), Offer.Standing.EXPIRED, null, at)
                        .chain(() -> waiting(tx, id, "waiting"))
                        .chain(() -> vacancies.givenBack(tx, expired.offer().value(), event.at()));
            case OfferWithdrawn withdrawn ->
                answered(
                                tx,
                                withdrawn.offer(),
                                Offer.Standing.WITHDRAWN,
                                withdrawn.reason().code(),
                                at)
                        .chain(() -> waiting(tx, id, "waiting"))
                        .chain(() -> vacancies.givenBack(tx, withdrawn.offer().value(), event.at()));
            case ReferralTransferred passedOn ->
                run(
                                tx,
                                "update offer_view set standing = 'ended', reason = $2, ended_at = $3 where offer_id = $1",
                                passedOn.offer().value(),
                                passedOn.reason().code(),
                                at)
                        .chain(() -> run(
                                tx,
                                "update referral_view set provider = null, provider_service = null, accepted_at = null,"
                                        + " begun_at = null, progress = null, reported_at = null where referral_id = $1",
                                id))
                        .chain(() -> tasks.settleStops(tx, id, at))
                        .chain(() -> waiting(tx, id, "waiting"))
                        .chain(() -> tasks.settle(tx, id, TaskReason.PLACEMENT_TO_REVIEW, at))
                        .chain(() -> vacancies.givenBack(tx, passedOn.offer().value(), event.at()));
            case LateAcceptanceRecorded late -> answered(tx, late.offer(), Offer.Standing.LATE, null, at);
            case LateAcceptanceReleased released ->
                run(
                                tx,
                                "update offer_view set ended_at = $2 where offer_id = $1",
                                released.offer().value(),
                                at)
                        .chain(() -> tasks.settleLateUnlessAnother(tx, id, at));
            // the task that follows says it in lists
            case ServiceStopped stopped -> Uni.createFrom().voidItem();
            case StopLifted lifted ->
                tasks.settle(tx, id, lifted.reason().task(), at).chain(() -> steps.servedAgain(tx, id));
            case DangersFound found ->
                found.toReview()
                        ? Uni.createFrom().voidItem()
                        : tasks.settle(tx, id, TaskReason.PLACEMENT_TO_REVIEW, at);
            case PlacementReviewed reviewed -> tasks.settle(tx, id, TaskReason.PLACEMENT_TO_REVIEW, at);
            case DecisionAwaited awaited -> steps.decision(tx, id, awaited);
            case DecisionOverdue overdue -> steps.decision(tx, id, overdue);
            case CaseWorkerTaskRaised raised -> taskRaised(tx, id, raised, at);
            case ServiceGapFound found -> gapFound(tx, id, found, at);
            case OfferAcknowledged seen ->
                run(
                        tx,
                        "update offer_view set acknowledged_at = $2 where offer_id = $1",
                        seen.offer().value(),
                        at);
            case ReferralClaimed claimed -> steps.claimed(tx, id, claimed.account(), claimed.reason());
            case ClaimReturned returned -> steps.claimed(tx, id, null, returned.reason());
            case ServiceBegun begun ->
                run(
                        tx,
                        "update referral_view set state = 'in-progress', begun_at = $2, need_told = null where referral_id = $1",
                        id,
                        at);
            case ReferralHeld held -> run(tx, "update referral_view set state = 'on-hold' where referral_id = $1", id);
            case ReferralResumed resumed ->
                run(
                        tx,
                        "update referral_view set state = case when begun_at is null then 'accepted' else 'in-progress'"
                                + " end where referral_id = $1",
                        id);
            case LinkIssued issued ->
                run(
                        tx,
                        "insert into referral_link (link_id, token_hash, code_hash, referral_id, offer_id,"
                                + " organisation_id, until) values ($1, $2, $3, $4, $5, $6, $7)",
                        issued.link(),
                        issued.tokenHash(),
                        issued.codeHash(),
                        id,
                        issued.offer().value(),
                        issued.organisation().value(),
                        utc(issued.until()));
            case LinkOpened opened -> Uni.createFrom().voidItem();
            case LinkRenewed renewed ->
                run(tx, "update referral_link set until = $2 where link_id = $1", renewed.link(), utc(renewed.until()));
            case LinkRevoked revoked ->
                run(tx, "update referral_link set revoked_at = $2 where link_id = $1", revoked.link(), at);
            case StepAwaited awaited -> steps.awaited(tx, id, awaited);
            case StepOverdue overdue -> steps.overdue(tx, id, overdue);
            case NeedEscalated escalated -> steps.needTold(tx, id, escalated.told());
            case ProgressReported reported ->
                run(
                        tx,
                        "update referral_view set progress = $2, reported_at = $3 where referral_id = $1",
                        id,
                        reported.progress().code(),
                        at);
            case ReferralCompleted completed ->
                ended(
                        tx,
                        id,
                        code(Referral.Ending.of(completed.outcome())),
                        completed.outcome().code(),
                        at);
            case ReferralCancelled cancelled -> cancelled(tx, id, cancelled.reason(), at);
        };
    }

    /** How the last one that was asked answered says how a referral ended for which no service was found. */
    private Uni<Void> cancelled(SqlConnection tx, UUID id, CancellationReason reason, OffsetDateTime at) {
        return tx.preparedQuery("select * from offer_view where referral_id = $1 order by offered_at, offer_id")
                .execute(Tuple.of(id))
                .flatMap(rows -> {
                    List<Offer> offers = new ArrayList<>();
                    rows.forEach(row -> offers.add(new Offer(
                            new OfferId(row.getUUID("offer_id")),
                            new OrganisationId(row.getUUID("organisation_id")),
                            new ServiceId(row.getUUID("service_id")),
                            row.getOffsetDateTime("answer_by").toInstant(),
                            standing(row.getString("standing")))));
                    return ended(tx, id, code(Referral.Ending.of(reason, offers)), reason.code(), at);
                });
    }

    /** What the provider gave of a referral that it passed on has ended, though the referral has not. */
    private static Offer.Standing standing(String text) {
        return text.equals("ended")
                ? Offer.Standing.TRANSFERRED
                : Offer.Standing.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private static String code(Referral.Ending ending) {
        return ending.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Uni<Void> requested(SqlConnection tx, Request request) {
        return run(
                tx,
                "insert into referral_view (referral_id, case_code, requested_by, service, urgency, place, stated_at,"
                        + " due_at, state, version, accompanying) values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 1, $9)",
                request.referral().value(),
                request.caseCode().value(),
                request.requestedBy().value(),
                request.service().name(),
                request.urgency().code(),
                request.place().value(),
                utc(request.statedAt()),
                utc(request.dueAt()),
                request.ofSomebodyElse());
    }

    private Uni<Void> offered(SqlConnection tx, UUID id, ServiceOffered offered, OffsetDateTime at) {
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
                .chain(() -> tasks.settleWhyItWaits(tx, id, at))
                .chain(() -> closeGap(tx, id, "offered", at));
    }

    private Uni<Void> accepted(SqlConnection tx, UUID id, OfferAccepted accepted, OffsetDateTime at) {
        return answered(
                        tx,
                        accepted.offer(),
                        Offer.Standing.ACCEPTED,
                        accepted.channel().code(),
                        at)
                .chain(() -> run(
                        tx,
                        "update referral_view set state = 'accepted', offer_id = $2, offered_to = null, answer_by = null,"
                                + " provider = $3, provider_service = $4, accepted_at = $5, need_told = null"
                                + " where referral_id = $1",
                        id,
                        accepted.offer().value(),
                        accepted.organisation().value(),
                        accepted.service().value(),
                        at))
                .chain(() -> vacancies.wait(tx, id, Set.of()))
                .chain(() -> tasks.settleAllButLate(tx, id, at))
                .chain(() -> closeGap(tx, id, "accepted", at));
    }

    private static Uni<Void> answered(
            SqlConnection tx, OfferId offer, Offer.Standing standing, @Nullable String reason, OffsetDateTime at) {
        return run(
                tx,
                "update offer_view set standing = $2, reason = $3, answered_at = $4, ended_at = null where offer_id = $1",
                offer.value(),
                standing.name().toLowerCase(Locale.ROOT),
                reason,
                at);
    }

    private static Uni<Void> waiting(SqlConnection tx, UUID id, String state) {
        return run(
                tx,
                "update referral_view set state = $2, offer_id = null, offered_to = null, answer_by = null,"
                        + " claimant = null, claim_reason = null where referral_id = $1 and provider is null",
                id,
                state);
    }

    private Uni<Void> taskRaised(SqlConnection tx, UUID id, CaseWorkerTaskRaised raised, OffsetDateTime at) {
        Uni<Void> before = Tasks.saysWhyItWaits(raised.reason())
                ? closeGap(tx, id, "to-be-decided", at).chain(() -> waiting(tx, id, "waiting"))
                : Uni.createFrom().voidItem();
        return before.chain(() -> tasks.raise(tx, raised, at));
    }

    private Uni<Void> gapFound(SqlConnection tx, UUID id, ServiceGapFound found, OffsetDateTime at) {
        About about = found.about();
        return run(
                        tx,
                        "insert into gap_view (referral_id, case_code, requested_by, service, place, found_at)"
                                + " values ($1, $2, $3, $4, $5, $6)"
                                + " on conflict (referral_id) do update set closed_at = null, closed_as = null",
                        id,
                        about.caseCode().value(),
                        about.requestedBy().value(),
                        about.service().name(),
                        about.place().value(),
                        at)
                .chain(() -> waiting(tx, id, "gap"))
                .chain(() -> tasks.settleWhyItWaits(tx, id, at));
    }

    private Uni<Void> ended(SqlConnection tx, UUID id, String state, String ending, OffsetDateTime at) {
        return run(
                        tx,
                        "update referral_view set state = $2, ending = $3, ended_at = $4, offer_id = null,"
                                + " offered_to = null, answer_by = null, claimant = null, claim_reason = null, step = null,"
                                + " step_of = null, step_by = null, told = null, need_told = null where referral_id = $1",
                        id,
                        state,
                        ending,
                        at)
                .chain(() -> vacancies.wait(tx, id, Set.of()))
                .chain(() -> tx.preparedQuery("update offer_view set standing = 'ended', ended_at = $2"
                                + " where referral_id = $1 and standing = 'accepted' returning offer_id")
                        .execute(Tuple.of(id, at)))
                .chain(ended -> ended.size() == 0
                        ? Uni.createFrom().voidItem()
                        : vacancies.finished(tx, ended.iterator().next().getUUID("offer_id"), at.toInstant()))
                .chain(() -> tasks.settleAllButLate(tx, id, at))
                .chain(() -> closeGap(tx, id, state.equals("entered-in-error") ? "in-error" : "given-up", at));
    }

    private static Uni<Void> closeGap(SqlConnection tx, UUID id, String as, OffsetDateTime at) {
        return run(
                tx,
                "update gap_view set closed_at = $2, closed_as = $3 where referral_id = $1 and closed_at is null",
                id,
                at,
                as);
    }

    static Uni<Void> run(SqlConnection tx, String sql, @Nullable Object... values) {
        Tuple tuple = Tuple.tuple();
        for (Object value : values) {
            tuple.addValue(value);
        }
        return tx.preparedQuery(sql).execute(tuple).replaceWithVoid();
    }

    static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
