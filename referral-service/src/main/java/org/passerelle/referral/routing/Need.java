package org.passerelle.referral.routing;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.Circumstance;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.Urgency;

/**
 * What routing may know of a need.
 *
 * @param age in years; null when not known
 * @param child treated as under 18, also where the age is doubtful
 * @param urgency decides which weights the soft rules have
 * @param languages of the person, the best spoken first; ISO 639, three letters. Empty when not known
 * @param circumstances of the person, as far as somebody said them; of others nothing is known
 */
public record Need(
        ServiceType service,
        PlaceCode place,
        @Nullable Integer age,
        boolean child,
        Sex sex,
        Urgency urgency,
        List<String> languages,
        Set<Circumstance> circumstances) {

    private static final int ADULT = 18;
    private static final int OLDEST = 150;

    public Need {
        languages = List.copyOf(languages);
        circumstances = Set.copyOf(circumstances);
    }

    /** A normal one of somebody of whom neither languages nor circumstances are known. */
    public Need(ServiceType service, PlaceCode place, @Nullable Integer age, boolean child, Sex sex) {
        this(service, place, age, child, sex, Urgency.NORMAL, List.of(), Set.of());
    }

    /** The youngest that the person can be. */
    int youngest() {
        if (child) {
            return age != null && age < ADULT ? age : 0;
        }
        return age != null ? age : ADULT;
    }

    /** The oldest that the person can be. */
    int oldest() {
        if (child) {
            return age != null && age < ADULT ? age : ADULT - 1;
        }
        return age != null ? age : OLDEST;
    }
}
