package org.passerelle.referral.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Set;
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

    /** Beside the terms of the service, each of these may tell a circumstance of the person, or whom they fear. */
    private static final Set<String> CONDITIONS =
            Set.of("out.urgency", "out.circumstances", Ranking.NOT_WITH, Avoidance.UNSAFE, Avoidance.CONFLICT);

    static final String ASK_CIRCUMSTANCES = "kept.ask-circumstances";

    public Verdict {
        reasons = List.copyOf(reasons);
        got = got == null ? null : List.copyOf(got);
    }

    /** Whether a reason, told by its code, may tell a circumstance of the person. */
    public static boolean tellsCircumstances(String reason) {
        return CONDITIONS.contains(reason);
    }

    /** Of the conditions of a service it says that one was not met, and nothing of what the service got. */
    Verdict withoutCircumstances() {
        return new Verdict(
                service,
                organisation,
                reasons.stream()
                        .filter(reason -> !reason.code().equals(ASK_CIRCUMSTANCES))
                        .map(reason -> CONDITIONS.contains(reason.code()) ? Reason.of("out.conditions") : reason)
                        .distinct()
                        .toList());
    }

    public Verdict(ServiceId service, OrganisationId organisation, List<Reason> reasons) {
        this(service, organisation, reasons, null);
    }
}
