package org.passerelle.assistance.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a person's assistance plan, and what it knows of the referrals of the case.
 *
 * @param owner      answers for the case; null until somebody said who
 * @param services   every service ever agreed, in that order, by the offer that was accepted
 * @param closure    why it was last closed; null while it is not
 * @param caseClosed why the case itself was closed; null while it is open
 */
public record Plan(
        @Nullable OrganisationId owner,
        Stage stage,
        Map<ReferralId, ReferralStanding> referrals,
        Map<OfferId, AgreedService> services,
        Map<DeliveryId, Delivery> deliveries,
        Map<FollowUpId, FollowUp> followUps,
        @Nullable ClosureReason closure,
        @Nullable ClosureReason caseClosed) {

    static final Plan NONE = new Plan(null, Stage.NOT_OPENED, Map.of(), Map.of(), Map.of(), Map.of(), null, null);

    public enum Stage {
        /** Referrals of the case may be known, but no service was agreed yet: there is no plan to see. */
        NOT_OPENED,
        OPEN,
        CLOSED
    }

    /** How many referrals of the case still wait for their end. */
    public long openReferrals() {
        return referrals.values().stream()
                .filter(standing -> standing == ReferralStanding.OPEN)
                .count();
    }

    /** The service that is being given for a referral. */
    public Optional<AgreedService> beingGivenFor(ReferralId referral) {
        return services.values().stream()
                .filter(service -> service.beingGiven() && service.referralId().equals(referral))
                .findFirst();
    }

    public boolean isProviding(OrganisationId organisation) {
        return services.values().stream()
                .anyMatch(service ->
                        service.beingGiven() && service.organisation().equals(organisation));
    }

    public boolean hasProvided(OrganisationId organisation) {
        return services.values().stream()
                .anyMatch(service -> service.organisation().equals(organisation));
    }

    List<FollowUpId> pendingFollowUps() {
        return followUps.values().stream()
                .filter(FollowUp::pending)
                .map(FollowUp::id)
                .toList();
    }

    Plan ownedBy(OrganisationId newOwner) {
        return new Plan(newOwner, stage, referrals, services, deliveries, followUps, closure, caseClosed);
    }

    Plan opened() {
        return new Plan(owner, Stage.OPEN, referrals, services, deliveries, followUps, null, caseClosed);
    }

    Plan closed(ClosureReason reason) {
        return new Plan(owner, Stage.CLOSED, referrals, services, deliveries, followUps, reason, caseClosed);
    }

    Plan withCaseClosed(ClosureReason reason) {
        return new Plan(owner, stage, referrals, services, deliveries, followUps, closure, reason);
    }

    Plan with(ReferralId referral, ReferralStanding standing) {
        return new Plan(
                owner, stage, put(referrals, referral, standing), services, deliveries, followUps, closure, caseClosed);
    }

    Plan with(AgreedService service) {
        return new Plan(
                owner,
                stage,
                referrals,
                put(services, service.offerId(), service),
                deliveries,
                followUps,
                closure,
                caseClosed);
    }

    Plan with(Delivery delivery) {
        return new Plan(
                owner,
                stage,
                referrals,
                services,
                put(deliveries, delivery.id(), delivery),
                followUps,
                closure,
                caseClosed);
    }

    Plan with(FollowUp followUp) {
        return new Plan(
                owner,
                stage,
                referrals,
                services,
                deliveries,
                put(followUps, followUp.id(), followUp),
                closure,
                caseClosed);
    }

    Plan changing(FollowUpId id, UnaryOperator<FollowUp> change) {
        FollowUp followUp = followUps.get(id);
        return followUp == null ? this : with(change.apply(followUp));
    }

    /** Keeps the order in which things became known. */
    private static <K, V> Map<K, V> put(Map<K, V> map, K key, V value) {
        Map<K, V> copy = new LinkedHashMap<>(map);
        copy.put(key, value);
        return Collections.unmodifiableMap(copy);
    }
}
