package org.passerelle.assistance.access;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.passerelle.assistance.plan.AgreedService;
import org.passerelle.assistance.plan.OrganisationId;
import org.passerelle.assistance.plan.Plan;
import org.passerelle.assistance.plan.ReferralId;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Relation;
import org.passerelle.edge.Role;

/** What a caller's organisation is to a plan. */
public final class Relations {

    private Relations() {}

    /** The organisation of the caller; none where the token names none that could be one. */
    public static Optional<OrganisationId> organisation(Caller caller) {
        return Optional.ofNullable(caller.organisationId()).map(OrganisationId::new);
    }

    /** To the plan as a whole. */
    public static Set<Relation> to(Plan plan, Caller caller) {
        Set<Relation> relations = EnumSet.noneOf(Relation.class);
        organisation(caller).ifPresent(organisation -> {
            if (organisation.equals(plan.owner())) {
                relations.add(Relation.OWNING);
            }
            if (plan.isProviding(organisation)) {
                relations.add(Relation.PROVIDING);
            } else if (plan.hasProvided(organisation)) {
                relations.add(Relation.HAS_PROVIDED);
            }
        });
        if (caller.isA(Role.COORDINATOR)) {
            relations.add(Relation.COORDINATING);
        }
        return relations;
    }

    /** To one service of it: providing another service of the same plan does not count. */
    public static Set<Relation> toService(Plan plan, ReferralId referral, Caller caller) {
        Set<Relation> relations = to(plan, caller);
        relations.removeAll(Set.of(Relation.PROVIDING, Relation.HAS_PROVIDED));
        Optional<OrganisationId> giving = plan.beingGivenFor(referral).map(AgreedService::organisation);
        if (giving.isPresent() && giving.equals(organisation(caller))) {
            relations.add(Relation.PROVIDING);
        }
        return relations;
    }
}
