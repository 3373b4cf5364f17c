package org.passerelle.referral.routing;

import java.util.List;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;

/** What routing says of one service, with every reason. */
public record Verdict(ServiceId service, OrganisationId organisation, List<Reason> reasons) {

    public Verdict {
        reasons = List.copyOf(reasons);
    }
}
