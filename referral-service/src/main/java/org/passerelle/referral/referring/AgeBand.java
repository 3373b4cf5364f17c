package org.passerelle.referral.referring;

import org.jspecify.annotations.Nullable;

/**
 * The age as a provider may know it before accepting: the bands of the Counter-Trafficking Data Collaborative's public
 * data, or merely child or adult where no age is known.
 */
public final class AgeBand {

    private static final int[] UPPER = {8, 17, 20, 23, 26, 29, 38, 47};

    private AgeBand() {}

    public static String of(@Nullable Integer age, boolean child) {
        if (age == null || (child && age > 17)) {
            return child ? "0-17" : "18+";
        }
        int lower = 0;
        for (int upper : UPPER) {
            if (age <= upper) {
                return lower + "-" + upper;
            }
            lower = upper + 1;
        }
        return lower + "+";
    }
}
