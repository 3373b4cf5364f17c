package org.passerelle.referral.routing;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.passerelle.referral.codes.ServiceId;

/**
 * The services that a need is to be ranked among.
 *
 * @param candidates all services of the type that reach the place, and the first of those that do not, in any order
 * @param elsewhere how many more services of the type do not reach the place
 * @param otherTypes how many services of other types there are
 * @param day on which they are looked at: the areas of a service and the codes of places change with time
 * @param asked services that the decision tells of wherever they are: that the need was offered to, or that a person chose
 */
public record Shortlist(
        List<Candidate> candidates, int elsewhere, int otherTypes, LocalDate day, Set<ServiceId> asked) {

    public Shortlist {
        candidates = List.copyOf(candidates);
        asked = Set.copyOf(asked);
    }

    public Shortlist(List<Candidate> candidates, int elsewhere, int otherTypes, LocalDate day) {
        this(candidates, elsewhere, otherTypes, day, Set.of());
    }

    public Shortlist asking(Collection<ServiceId> services) {
        return services.isEmpty() ? this : new Shortlist(candidates, elsewhere, otherTypes, day, Set.copyOf(services));
    }
}
