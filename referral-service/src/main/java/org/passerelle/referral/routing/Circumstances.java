package org.passerelle.referral.routing;

import java.util.Map;
import java.util.Set;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceType;

/**
 * What rules know beside the directory and the need, as of the moment of the decision.
 *
 * @param records of services that were asked in the last 90 days
 * @param open how many offers and running referrals organisations have; none where they are not named
 * @param helping organisations that serve the person already
 * @param otherNeeds of the person that are not over: some services must not be combined with them
 * @param avoidance where and to whom nobody of the case is to be sent
 */
public record Circumstances(
        Map<RoutingIndex.Key, TrackRecord> records,
        Map<OrganisationId, Integer> open,
        Set<OrganisationId> helping,
        Set<ServiceType> otherNeeds,
        Avoidance avoidance) {

    /** Nobody was asked anything yet. */
    public static final Circumstances NONE = new Circumstances(Map.of(), Map.of(), Set.of(), Set.of());

    public Circumstances {
        records = Map.copyOf(records);
        open = Map.copyOf(open);
        helping = Set.copyOf(helping);
        otherNeeds = Set.copyOf(otherNeeds);
    }

    /** Of a case that avoids nothing. */
    public Circumstances(
            Map<RoutingIndex.Key, TrackRecord> records,
            Map<OrganisationId, Integer> open,
            Set<OrganisationId> helping,
            Set<ServiceType> otherNeeds) {
        this(records, open, helping, otherNeeds, Avoidance.NONE);
    }

    /** The same in a case that avoids this. */
    public Circumstances avoiding(Avoidance these) {
        return new Circumstances(records, open, helping, otherNeeds, these);
    }

    /** The same beside these needs of the person. */
    public Circumstances beside(Set<ServiceType> needs) {
        return new Circumstances(records, open, helping, needs, avoidance);
    }
}
