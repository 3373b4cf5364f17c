package org.passerelle.referral.routing;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;

/**
 * How those who were asked for this need answered, where that rules them out.
 *
 * @param organisations in all that they give
 * @param services one by one
 */
public record PriorAnswers(
        Map<OrganisationId, PriorAnswer> organisations, Map<RoutingIndex.Key, PriorAnswer> services) {

    /** Nobody was asked. */
    public static final PriorAnswers NONE = new PriorAnswers(Map.of(), Map.of());

    public PriorAnswers {
        organisations = Map.copyOf(organisations);
        services = Map.copyOf(services);
    }

    @Nullable
    PriorAnswer of(Candidate candidate) {
        PriorAnswer all = organisations.get(candidate.organisation());
        return all != null || services.isEmpty() ? all : services.get(RoutingIndex.Key.of(candidate));
    }

    /** As needs that belong together take them: what one service said, all of its organisation said. A no outweighs silence. */
    public Map<OrganisationId, PriorAnswer> byOrganisation() {
        Map<OrganisationId, PriorAnswer> all = new HashMap<>(organisations);
        services.forEach((key, answer) ->
                all.merge(key.organisation(), answer, (one, other) -> one == PriorAnswer.EXPIRED ? other : one));
        return all;
    }
}
