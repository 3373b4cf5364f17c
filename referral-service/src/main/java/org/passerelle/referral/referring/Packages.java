package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.passerelle.eventsourcing.Deadlines;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.Candidates;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.routing.Shortlist;

/** Which needs belong to which package, and what one going on means for the others. */
@ApplicationScoped
public class Packages {

    /** Leaves room for the clocks of offers. */
    private static final Duration APART = Duration.ofMillis(20);

    /**
     * Those that must be together with this one hold an offer, or were accepted, elsewhere. Where somebody was accepted,
     * open offers will follow; where an organisation said no to one of them, all leave it.
     */
    private static final String ELSEWHERE = """
            with one as (select * from case_leg where referral_id = $1 and not apart),
            others as (select f.* from one join case_leg l on l.referral_id = any (one.together) and not l.apart
                       join referral_view v on v.referral_id = l.referral_id and v.ended_at is null
                       join offer_view f on f.referral_id = l.referral_id),
            asked as (select * from others union all
                      select f.* from one join offer_view f on f.referral_id = one.referral_id),
            last as (select distinct on (referral_id, organisation_id, service_id) * from asked
                     order by referral_id, organisation_id, service_id, offered_at desc, offer_id desc),
            refused as (select organisation_id from last
                        where standing = 'declined' and reason <> 'no-capacity'
                           or standing in ('declined', 'expired', 'late')
                              and (answered_at >= newest_word(organisation_id, service_id)) is not false
                        union select organisation_id from asked
                        where standing = 'declined' and reason = 'safety-concern')
            select 1 from others
            where organisation_id <> $2
              and (standing = 'accepted'
                   or standing = 'open' and not exists (select 1 from others where standing = 'accepted')
                      and organisation_id not in (select organisation_id from refused))
            """;

    /**
     * A need of a package.
     *
     * @param apart a person chose a service away from those that it should be together with
     * @param waitsFor while it is not its turn
     */
    public record Stated(ReferralId referral, Leg leg, boolean apart, List<ReferralId> waitsFor) {}

    private final EventStore store;
    private final SqlClient pool;
    private final StreamKind<ReferralCommand, Referral, ReferralEvent> referrals;
    private final Candidates candidates;

    @Inject
    Packages(
            EventStore store,
            Pool pool,
            StreamKind<ReferralCommand, Referral, ReferralEvent> referrals,
            Candidates candidates) {
        this.store = store;
        this.pool = pool;
        this.referrals = referrals;
        this.candidates = candidates;
    }

    /** Before the need is routed. */
    Uni<Void> record(SqlConnection tx, Request request) {
        Leg leg = request.leg();
        if (leg == null) {
            return Uni.createFrom().voidItem();
        }
        return tx.preparedQuery("insert into case_leg (referral_id, package_id, case_code, after, until, together)"
                        + " values ($1, $2, $3, $4, $5, $6) on conflict do nothing")
                .execute(Tuple.of(
                        request.referral().value(),
                        leg.packageId(),
                        request.caseCode().value(),
                        leg.after().stream().map(one -> one.needId().value()).toArray(UUID[]::new),
                        leg.after().stream().map(one -> one.until().code()).toArray(String[]::new),
                        leg.together().stream().map(ReferralId::value).toArray(UUID[]::new)))
                .replaceWithVoid();
    }

    /** The needs that a need depends on, as they stand; none where it stands alone. */
    Uni<Legs> legs(SqlClient client, ReferralId referral) {
        return client.preparedQuery("select after, together from case_leg where referral_id = $1")
                .execute(Tuple.of(referral.value()))
                .flatMap(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom().item(Legs.NONE);
                    }
                    Row row = rows.iterator().next();
                    Set<ReferralId> together = ids(row, "together");
                    Set<ReferralId> all = new LinkedHashSet<>(together);
                    all.addAll(ids(row, "after"));
                    return states(client, all)
                            .flatMap(states -> among(client, states, together).map(among -> new Legs(states, among)));
                });
    }

    /** Whether other needs of the package may be further, or must move, by it. */
    static boolean isMovedBy(ReferralEvent event) {
        return switch (event) {
            case ReferralEvent.ReferralRequested any -> true;
            case ReferralEvent.ServiceOffered any -> true;
            case ReferralEvent.OfferAccepted any -> true;
            case ReferralEvent.OfferDeclined any -> true;
            case ReferralEvent.OfferExpired any -> true;
            case ReferralEvent.OfferWithdrawn any -> true;
            case ReferralEvent.ReferralTransferred any -> true;
            case ReferralEvent.ServiceChosen any -> true;
            case ReferralEvent.ServiceBegun any -> true;
            case ReferralEvent.ReferralCompleted any -> true;
            case ReferralEvent.ReferralCancelled any -> true;
            case ReferralEvent.NeedRouted none -> false;
            case ReferralEvent.NeedHeldBack none -> false;
            case ReferralEvent.LateAcceptanceRecorded none -> false;
            case ReferralEvent.LateAcceptanceReleased none -> false;
            case ReferralEvent.ServiceStopped none -> false;
            case ReferralEvent.StopLifted none -> false;
            case ReferralEvent.CaseWorkerTaskRaised none -> false;
            case ReferralEvent.ServiceGapFound none -> false;
            case ReferralEvent.OfferAcknowledged none -> false;
            case ReferralEvent.ReferralClaimed none -> false;
            case ReferralEvent.ClaimReturned none -> false;
            case ReferralEvent.ReferralHeld none -> false;
            case ReferralEvent.ReferralResumed none -> false;
            case ReferralEvent.LinkIssued none -> false;
            case ReferralEvent.LinkOpened none -> false;
            case ReferralEvent.LinkRenewed none -> false;
            case ReferralEvent.LinkRevoked none -> false;
            case ReferralEvent.StepAwaited none -> false;
            case ReferralEvent.StepOverdue none -> false;
            case ReferralEvent.ProgressReported none -> false;
            case ReferralEvent.NeedEscalated none -> false;
            case ReferralEvent.DangersFound none -> false;
            case ReferralEvent.PlacementReviewed none -> false;
            case ReferralEvent.DecisionAwaited none -> false;
            case ReferralEvent.DecisionOverdue none -> false;
        };
    }

    private static Set<ReferralId> ids(Row row, String column) {
        Set<ReferralId> ids = new LinkedHashSet<>();
        Arrays.stream(row.getArrayOfUUIDs(column)).map(ReferralId::new).forEach(ids::add);
        return ids;
    }

    private Uni<Map<ReferralId, Referral>> states(SqlClient client, Collection<ReferralId> ids) {
        Map<ReferralId, Referral> states = new HashMap<>();
        Uni<Void> done = Uni.createFrom().voidItem();
        for (ReferralId id : ids) {
            StreamId stream = ReferralStream.of(id);
            done = done.chain(() -> client instanceof SqlConnection tx
                            ? store.loadIn(tx, referrals, stream)
                            : store.load(referrals, stream))
                    .invoke(loaded -> states.put(id, loaded.state()))
                    .replaceWithVoid();
        }
        return done.replaceWith(states);
    }

    private Uni<Map<ReferralId, Shortlist>> among(
            SqlClient client, Map<ReferralId, Referral> states, Set<ReferralId> together) {
        Map<ReferralId, Shortlist> among = new HashMap<>();
        Uni<Void> done = Uni.createFrom().voidItem();
        for (ReferralId id : together) {
            Referral state = states.get(id);
            if (state == null || state instanceof Referral.Unrequested || state instanceof Referral.Ended) {
                continue;
            }
            Referral.Course course = Referral.course(state);
            List<ServiceId> asked = course.offers().stream().map(Offer::service).toList();
            done = done.chain(() -> candidates.around(
                            client, course.request().service(), course.request().place(), asked))
                    .invoke(found -> among.put(id, found))
                    .replaceWithVoid();
        }
        return done.replaceWith(among);
    }

    /** The needs of a package in the order in which they were stated; none where there is no such package. */
    public Uni<List<Stated>> of(UUID packageId) {
        return pool.preparedQuery("select * from case_leg where package_id = $1 order by stated")
                .execute(Tuple.of(packageId))
                .flatMap(rows -> {
                    List<Row> legs = new ArrayList<>();
                    rows.forEach(legs::add);
                    List<ReferralId> all = legs.stream()
                            .map(row -> new ReferralId(row.getUUID("referral_id")))
                            .toList();
                    return states(pool, all)
                            .map(states -> legs.stream()
                                    .map(row -> stated(packageId, row, states))
                                    .toList());
                });
    }

    private static Stated stated(UUID packageId, Row row, Map<ReferralId, Referral> states) {
        ReferralId id = new ReferralId(row.getUUID("referral_id"));
        UUID[] after = row.getArrayOfUUIDs("after");
        String[] until = row.getArrayOfStrings("until");
        List<Leg.After> before = new ArrayList<>();
        for (int at = 0; at < after.length; at++) {
            before.add(new Leg.After(new ReferralId(after[at]), Leg.Until.of(until[at])));
        }
        List<ReferralId> waitsFor = states.get(id) instanceof Referral.Waiting waiting
                ? waiting.course().joining().heldBy().stream()
                        .sorted(Comparator.comparing(ReferralId::toString))
                        .toList()
                : List.of();
        return new Stated(
                id, new Leg(packageId, before, List.copyOf(ids(row, "together"))), row.getBoolean("apart"), waitsFor);
    }

    /** One need of a package at a time changes, so that two never go to two places. In one order, as with units. */
    Uni<Void> lock(SqlConnection tx, Collection<About> moving) {
        return moving.isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.preparedQuery("select pg_advisory_xact_lock(hashtextextended('package ' || package, 0)) from"
                                + " (select distinct package_id::text as package from case_leg"
                                + " where case_code = any ($2) and (referral_id = any ($1) or after && $1"
                                + " or together && $1) order by 1) as sorted")
                        .execute(Tuple.of(
                                moving.stream()
                                        .map(about -> about.referral().value())
                                        .toArray(UUID[]::new),
                                moving.stream()
                                        .map(about -> about.caseCode().value())
                                        .toArray(String[]::new)))
                        .replaceWithVoid();
    }

    /**
     * After the offer was written, with the package locked.
     *
     * @return failing with {@link Overtaken} where the needs that belong together are elsewhere by now
     */
    Uni<Void> check(SqlConnection tx, ServiceOffered offered) {
        return tx.preparedQuery(ELSEWHERE)
                .execute(Tuple.of(
                        offered.about().referral().value(),
                        offered.organisation().value()))
                .invoke(elsewhere -> {
                    if (elsewhere.size() > 0) {
                        throw new Overtaken();
                    }
                })
                .replaceWithVoid();
    }

    /** A person chose so: from now on it is nobody's business where the others are. */
    Uni<Void> part(SqlConnection tx, ReferralId referral) {
        return tx.preparedQuery("update case_leg set apart = true where referral_id = $1")
                .execute(Tuple.of(referral.value()))
                .replaceWithVoid();
    }

    /**
     * Those that depend on it are looked at, and once more when every transaction that did not see it is over. They say
     * so themselves: of the need that moved an older release may have written no part in the package. The looks have
     * names of their own: whoever fires an earlier one holds its row, and may wait for the package, which is locked here.
     *
     * @param version of the event in the stream of the need that moved
     */
    Uni<Void> movedOn(SqlConnection tx, About moved, long version, Instant at) {
        return tx.preparedQuery("select referral_id from case_leg where case_code = $2 and referral_id <> $1"
                        + " and ($1 = any (after) or $1 = any (together)) order by referral_id::text")
                .execute(Tuple.of(moved.referral().value(), moved.caseCode().value()))
                .flatMap(rows -> {
                    List<StreamId> others = new ArrayList<>();
                    rows.forEach(row -> others.add(ReferralStream.of(new ReferralId(row.getUUID("referral_id")))));
                    String by = ":" + moved.referral() + ":" + version;
                    return others.isEmpty()
                            ? Uni.createFrom().voidItem()
                            : Deadlines.setUnlessSet(tx, others, ReferralStream.PACKAGE + by, at, APART)
                                    .chain(() -> Deadlines.setUnlessSet(
                                            tx,
                                            others,
                                            ReferralStream.PACKAGE_SETTLED + by,
                                            at.plus(ReferralStream.SETTLED),
                                            APART));
                });
    }
}
