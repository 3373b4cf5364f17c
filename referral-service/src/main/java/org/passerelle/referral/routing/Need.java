package org.passerelle.referral.routing;

import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;

/**
 * What routing may know of a need.
 *
 * @param age in years; null when not known
 * @param child treated as under 18, also where the age is doubtful
 */
public record Need(
        ServiceType service, PlaceCode place, @Nullable Integer age, boolean child, Sex sex) {

    private static final int ADULT = 18;
    private static final int OLDEST = 150;

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
