package org.passerelle.referral.referring;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.Circumstance;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.Candidates;
import org.passerelle.referral.referring.ReferralEvent.ReferralRequested;
import org.passerelle.referral.referring.Worklists.OfferView;
import org.passerelle.referral.referring.Worklists.ReferralView;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Conditions;
import org.passerelle.referral.routing.RoutingPolicy;

/**
 * Who is asked whether they can take somebody learns those circumstances that the service itself has a rule for, as it is
 * listed now, while the offer is open: without them its yes would be a guess. Never an authority, nor an organisation of
 * which nobody wrote down that it is none.
 */
@ApplicationScoped
public class WhatTheAskedMustKnow {

    @Inject
    Pool pool;

    @Inject
    EventStore store;

    @Inject
    Candidates candidates;

    /** @param view as it is told to the organisation */
    public Uni<ReferralView> added(UUID organisation, ReferralView view) {
        return store.firsts(ReferralStream.TYPES, Set.of(stream(view)))
                .flatMap(firsts -> added(organisation, List.of(view), firsts))
                .map(List::getFirst);
    }

    /**
     * @param views as they are told to the organisation
     * @param firsts the first event of each, opened
     */
    public Uni<List<ReferralView>> added(
            UUID organisation, List<ReferralView> views, Map<StreamId, ReferralEvent> firsts) {
        if (views.stream().noneMatch(view -> view.openOfferTo(organisation).isPresent())) {
            return Uni.createFrom().item(views);
        }
        return candidates.of(pool, organisation).map(services -> {
            Map<StreamId, Conditions> asked = asked(organisation, views, services);
            return views.stream()
                    .map(view -> view.telling(regarded(stream(view), asked, firsts)))
                    .toList();
        });
    }

    /** The conditions of the service that each open offer is for. */
    private static Map<StreamId, Conditions> asked(
            UUID organisation, List<ReferralView> views, List<Candidate> services) {
        Map<StreamId, Conditions> asked = new HashMap<>();
        if (RoutingPolicy.mayBeAnAuthority(services)) {
            return asked;
        }
        Map<ServiceId, Conditions> conditions = new HashMap<>();
        services.forEach(service -> conditions.put(service.service(), service.conditions()));
        for (ReferralView view : views) {
            view.openOfferTo(organisation)
                    .map(OfferView::serviceId)
                    .map(service -> conditions.get(new ServiceId(service)))
                    .ifPresent(one -> asked.put(stream(view), one));
        }
        return asked;
    }

    private static List<Circumstance> regarded(
            StreamId stream, Map<StreamId, Conditions> asked, Map<StreamId, ReferralEvent> firsts) {
        Conditions conditions = asked.get(stream);
        if (conditions == null || !(firsts.get(stream) instanceof ReferralRequested requested)) {
            return List.of();
        }
        List<Circumstance> regarded = new ArrayList<>(requested.request().need().circumstances());
        regarded.removeIf(one -> !conditions.regards(one));
        regarded.sort(null);
        return regarded;
    }

    private static StreamId stream(ReferralView view) {
        return ReferralStream.of(new ReferralId(view.referralId()));
    }
}
