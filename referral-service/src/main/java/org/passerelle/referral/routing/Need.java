package org.passerelle.referral.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;
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
 */
public record Need(
        ServiceType service,
        PlaceCode place,
        @Nullable Integer age,
        boolean child,
        Sex sex,
        Urgency urgency,
        List<String> languages) {

    private static final int ADULT = 18;
    private static final int OLDEST = 150;

    public Need {
        languages = List.copyOf(languages);
    }

    /** A normal one of somebody whose languages are not known. */
    public Need(ServiceType service, PlaceCode place, @Nullable Integer age, boolean child, Sex sex) {
        this(service, place, age, child, sex, Urgency.NORMAL, List.of());
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
