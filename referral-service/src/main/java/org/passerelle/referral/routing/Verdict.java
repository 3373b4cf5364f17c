package org.passerelle.referral.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;

/**
 * What routing says of one service, with every reason.
 *
 * @param got what a service that was kept got of each soft rule, in the order of the decision's {@link Weights}; null of
 *     one that was left out, and in decisions of before there were weights
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Verdict(
        ServiceId service,
        OrganisationId organisation,
        List<Reason> reasons,
        @Nullable List<Integer> got) {

    public Verdict {
        reasons = List.copyOf(reasons);
        got = got == null ? null : List.copyOf(got);
    }

    public Verdict(ServiceId service, OrganisationId organisation, List<Reason> reasons) {
        this(service, organisation, reasons, null);
    }
}
