package org.passerelle.referral.referring.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Decision;
import org.passerelle.edge.Relation;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.referring.CancellationReason;
import org.passerelle.referral.referring.WithdrawalReason;
import org.passerelle.referral.referring.Worklists.OfferView;
import org.passerelle.referral.referring.Worklists.ReferralView;

/** What a caller's organisation is to a referral. */
public final class Relations {

    private Relations() {}

    /** A permission together with the relation that it rests on. */
    public record Permitted(Relation relation, Decision decision) {}

    /** All that hold, closest first; everybody could be coordinating: the policy names the roles that are. */
    static List<Relation> of(Caller caller, ReferralView referral) {
        List<Relation> relations = new ArrayList<>();
        if (caller.belongsTo(referral.requestedBy().toString())) {
            relations.add(Relation.OWNING);
        }
        for (OfferView offer : referral.offers()) {
            if (caller.belongsTo(offer.organisation().toString())) {
                relation(offer, referral).ifPresent(relations::add);
            }
        }
        relations.add(Relation.COORDINATING);
        return relations;
    }

    /** Whoever they were taken back from did nothing else than not to answer in time. */
    private static final Set<String> TAKEN_BACK_FOR_OTHERS = Set.of(
            WithdrawalReason.ACCEPTED_ELSEWHERE.code(),
            WithdrawalReason.MOVED_TOGETHER.code(),
            WithdrawalReason.ORGANISATION_SUSPENDED.code());

    /**
     * An offer that was not answered in time can still be answered with a yes as long as the referral lives, and once the
     * sender gave it up. What the person, or somebody for them, turned away from is over.
     */
    private static Optional<Relation> relation(OfferView offer, ReferralView referral) {
        Optional<Relation> mayStillSayYes =
                referral.hasEnded() && !CancellationReason.NO_SERVICE.code().equals(referral.ending())
                        ? Optional.empty()
                        : Optional.of(Relation.OFFERED);
        return switch (offer.state()) {
            case "open" -> Optional.of(Relation.OFFERED);
            case "expired", "late", "released" -> mayStillSayYes;
            case "withdrawn" ->
                offer.reason() != null && TAKEN_BACK_FOR_OTHERS.contains(offer.reason())
                        ? mayStillSayYes
                        : Optional.empty();
            case "accepted" -> Optional.of(Relation.PROVIDING);
            case "ended" -> Optional.of(Relation.HAS_PROVIDED);
            default -> Optional.empty();
        };
    }

    /** The relation that lets the caller see most, or 404. */
    public static Permitted best(Access access, ReferralView referral) {
        @Nullable Permitted best = null;
        for (Relation relation : of(access.caller(), referral)) {
            Decision decision = access.decide(relation);
            if (decision.permitted() && (best == null || !best.decision().mask().covers(decision.mask()))) {
                best = new Permitted(relation, decision);
            }
        }
        if (best == null) {
            throw Access.unknown();
        }
        return best;
    }

    /** As the sender, who sees all offers and tasks, where the caller's organisation is asked for what it asked itself. */
    static Permitted asSenderFirst(Access access, ReferralView referral) {
        return has(access, referral, Relation.OWNING)
                ? new Permitted(Relation.OWNING, access.decide(Relation.OWNING))
                : best(access, referral);
    }

    /** An offer to the caller's own organisation, or 404. */
    static void requireOwn(Access access, ReferralView referral, OfferId offer) {
        if (referral.offers().stream()
                .noneMatch(one -> one.offerId().equals(offer.value())
                        && access.caller().belongsTo(one.organisation().toString()))) {
            throw Access.unknown();
        }
    }

    /** Whether the caller stands in this relation and may act on it, or 404. */
    static void require(Access access, ReferralView referral, Relation relation) {
        if (!of(access.caller(), referral).contains(relation)) {
            throw Access.unknown();
        }
        access.require(relation);
    }

    public static boolean has(Access access, ReferralView referral, Relation relation) {
        return of(access.caller(), referral).contains(relation)
                && access.decide(relation).permitted();
    }

    /** The caller's organisation; accounts without one have no list of their own. */
    public static UUID organisation(Caller caller) {
        UUID organisation = caller.organisationId();
        if (organisation == null) {
            throw Access.unknown();
        }
        return organisation;
    }

    /** Null, for everybody's, where the policy lets the caller coordinate; else the caller's own organisation. */
    static @Nullable UUID ownUnlessCoordinating(Access access) {
        if (access.decide(Relation.COORDINATING).permitted()) {
            return null;
        }
        access.require(Relation.OWNING);
        return organisation(access.caller());
    }
}
