package org.passerelle.referral.routing;

import java.util.List;

/**
 * Why a service was kept or left out, as the code of a sentence and its arguments; rendered at the edge in the reader's
 * language.
 */
public record Reason(String code, List<String> args) {

    public Reason {
        args = List.copyOf(args);
    }

    public static Reason of(String code, String... args) {
        return new Reason(code, List.of(args));
    }
}
