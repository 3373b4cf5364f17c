package org.passerelle.referral.routing;

import java.util.Locale;
import java.util.MissingResourceException;

/** Codes of languages: directories write two letters or three, cases three. */
public final class Languages {

    private Languages() {}

    /** Three letters where the code is known; else the code as it is, in lower case. */
    public static String normal(String code) {
        String lower = code.toLowerCase(Locale.ROOT);
        if (lower.length() != 2) {
            return lower;
        }
        try {
            return Locale.of(lower).getISO3Language();
        } catch (MissingResourceException unknown) {
            return lower;
        }
    }
}
