package org.passerelle.referral.routing;

import java.util.Map;
import java.util.Set;
import org.passerelle.referral.codes.OrganisationId;

/**
 * What soft rules know beside the directory, as of the moment of the decision.
 *
 * @param records of services that were asked in the last 90 days
 * @param open how many offers and running referrals organisations have; none where they are not named
 * @param helping organisations that serve the person already
 */
public record Circumstances(
        Map<RoutingIndex.Key, TrackRecord> records, Map<OrganisationId, Integer> open, Set<OrganisationId> helping) {

    /** Nobody was asked anything yet. */
    public static final Circumstances NONE = new Circumstances(Map.of(), Map.of(), Set.of());

    public Circumstances {
        records = Map.copyOf(records);
        open = Map.copyOf(open);
        helping = Set.copyOf(helping);
    }
}
