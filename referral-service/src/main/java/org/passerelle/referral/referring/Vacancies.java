package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.passerelle.eventsourcing.Deadlines;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.routing.Ranking;

/** The units of services, within the transaction of the events that hold them or give them back. */
@ApplicationScoped
class Vacancies {

    /** How many of those who wait are looked at when one unit is given back: the first may not be eligible any more. */
    private static final int LOOKED_AT = 20;

    /** Leaves room between two of them for the clocks of offers. */
    private static final Duration APART = Duration.ofMillis(50);

    /** How long a declared figure is taken at its word: by an older one nobody is refused. */
    @ConfigProperty(name = "passerelle.capacity.trusted")
    Duration trusted;

    /**
     * Lets one transaction at a time hold units of these services; until the end of the transaction. In one order, so that
     * two that share transactions with others do not wait for each other.
     */
    Uni<Void> lock(SqlConnection tx, Collection<ServiceId> services) {
        String[] sorted = services.stream()
                .map(service -> service.value().toString())
                .distinct()
                .sorted()
                .toArray(String[]::new);
        return sorted.length == 0
                ? Uni.createFrom().voidItem()
                : tx.preparedQuery("select pg_advisory_xact_lock(hashtextextended('vacancy ' || service, 0))"
                                + " from unnest($1::text[]) as given (service)")
                        .execute(Tuple.of(sorted))
                        .replaceWithVoid();
    }

    /**
     * Before any of the offers is written, with the services locked, in a transaction that gives no unit back: whoever comes
     * too late holds up those who come after for no longer than this.
     *
     * @return failing with {@link Overtaken} where they hold more than there is
     */
    Uni<Void> suffice(SqlConnection tx, List<ServiceOffered> offers) {
        return tx.preparedQuery("select 1 from (select organisation, service, count(*) as wanted"
                        + " from unnest($1::uuid[], $2::uuid[]) as given (organisation, service)"
                        + " group by organisation, service) o"
                        + " join directory_service s on s.organisation_id = o.organisation and s.id = o.service"
                        + " where free_units(s.id, s.capacity_available, s.capacity_maximum, s.capacity_updated)"
                        + " < o.wanted and not_trusted_since(s.capacity_updated, $3) is null limit 1")
                .execute(Tuple.of(
                        offers.stream().map(one -> one.organisation().value()).toArray(UUID[]::new),
                        offers.stream().map(one -> one.service().value()).toArray(UUID[]::new),
                        (double) trusted.toSeconds()))
                .invoke(Vacancies::refuseIfAny)
                .replaceWithVoid();
    }

    private static void refuseIfAny(RowSet<?> overdrawn) {
        if (overdrawn.size() > 0) {
            throw new Overtaken();
        }
    }

    /**
     * After the offer was written, with the service locked: a statement of its own, so that it sees what was committed
     * while the lock was waited for.
     *
     * @return failing with {@link Overtaken} where the offer holds more than there is
     */
    Uni<Void> check(SqlConnection tx, ServiceOffered offered) {
        return tx.preparedQuery("select 1 from directory_service s where s.organisation_id = $1 and s.id = $2"
                        + " and free_units(s.id, s.capacity_available, s.capacity_maximum, s.capacity_updated) < 0"
                        + " and not_trusted_since(s.capacity_updated, $3) is null")
                .execute(Tuple.of(
                        offered.organisation().value(), offered.service().value(), (double) trusted.toSeconds()))
                .invoke(Vacancies::refuseIfAny)
                .replaceWithVoid();
    }

    /** The services that the need waits for from now on. */
    Uni<Void> wait(SqlConnection tx, UUID referral, Collection<Ranking.Awaited> services) {
        UUID[] ids = services.stream().map(one -> one.service().value()).toArray(UUID[]::new);
        Boolean[] anew = services.stream().map(Ranking.Awaited::anew).toArray(Boolean[]::new);
        return tx.preparedQuery("delete from waiting_list where referral_id = $1")
                .execute(Tuple.of(referral))
                .chain(() -> ids.length == 0
                        ? Uni.createFrom().voidItem()
                        : tx.preparedQuery("insert into waiting_list (referral_id, service_id, anew, due_at)"
                                        + " select r.referral_id, s, bool_and(anew), r.due_at from referral_view r,"
                                        + " unnest($2::uuid[], $3::boolean[]) as given (s, anew)"
                                        + " where r.referral_id = $1 group by r.referral_id, s")
                                .execute(Tuple.of(referral, ids, anew))
                                .replaceWithVoid());
    }

    /**
     * A unit held by this offer is free again: the most pressing of those who wait for it are looked at. Nobody is waited
     * for: whoever fires an earlier look holds its row, and may wait for a service that is locked here.
     */
    Uni<Void> givenBack(SqlConnection tx, UUID offer, Instant at) {
        return givenBack(tx, offer, false, at);
    }

    /** The same, where the service gave it back itself: that is news also for those whom it told that it has no room. */
    Uni<Void> finished(SqlConnection tx, UUID offer, Instant at) {
        return givenBack(tx, offer, true, at);
    }

    private static Uni<Void> givenBack(SqlConnection tx, UUID offer, boolean news, Instant at) {
        return tx.preparedQuery(
                        "select w.referral_id from waiting_list w join offer_view o on o.service_id = w.service_id"
                                + " where o.offer_id = $1 and w.referral_id <> o.referral_id and (not w.anew or $3)"
                                + " order by w.due_at, w.referral_id limit $2")
                .execute(Tuple.of(offer, LOOKED_AT, news))
                .flatMap(rows -> look(tx, streams(rows), offer + ":" + at.toEpochMilli(), at));
    }

    /**
     * Where nobody is asked for a need any more, nor gives it, those needs of the case that nobody could be found for are
     * looked at: a service may have been left out because it must not be combined with that one.
     *
     * @param version of the event in the stream of the need
     */
    Uni<Void> givenUp(SqlConnection tx, About need, long version, Instant at) {
        return tx.preparedQuery("select w.referral_id from referral_view w"
                        + " join referral_view r on r.case_code = w.case_code"
                        + " where w.case_code = $1 and w.state in ('waiting', 'gap') and w.referral_id <> $2"
                        + " and r.referral_id = $2 and r.state not in ('offered', 'accepted', 'in-progress', 'on-hold')"
                        + " order by w.due_at, w.referral_id limit $3")
                .execute(Tuple.of(need.caseCode().value(), need.referral().value(), LOOKED_AT))
                .flatMap(rows -> look(tx, streams(rows), need.referral() + ":" + version, at));
    }

    private static Uni<Void> look(SqlConnection tx, List<StreamId> waiting, String by, Instant at) {
        return waiting.isEmpty()
                ? Uni.createFrom().voidItem()
                : Deadlines.look(tx, waiting, ReferralStream.UNIT_RETURNED, by, at, APART);
    }

    private static List<StreamId> streams(RowSet<io.vertx.mutiny.sqlclient.Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> ReferralStream.of(new ReferralId(row.getUUID("referral_id"))))
                .toList();
    }
}
