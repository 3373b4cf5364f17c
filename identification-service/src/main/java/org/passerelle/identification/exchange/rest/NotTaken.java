package org.passerelle.identification.exchange.rest;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * That a partner's installation did not take what was sent.
 *
 * @param status of HTTP
 * @param problem the code of the problem that it answered with; {@code unknown} where it named none
 * @param field   what it said is wrong; empty where it named nothing
 */
record NotTaken(int status, String problem, String field) {

    private static final String UNKNOWN = "unknown";

    private static final Pattern PROBLEM =
            Pattern.compile("\"type\"\\s*:\\s*\"urn:passerelle:problem:([a-z-]{1,60})\"");

    private static final Pattern FIELD = Pattern.compile("\"field\"\\s*:\\s*\"([A-Za-z.-]{1,60})\"");

    /** Whatever becomes of clocks and keys, what is in it stays as it is. */
    private static final Set<String> OF_THE_CONTENT = Set.of("exchange-content", "exchange-version");

    static NotTaken of(int status, String body) {
        return new NotTaken(status, first(PROBLEM, body, UNKNOWN), first(FIELD, body, ""));
    }

    /** As in a problem+json. */
    String type() {
        return problem.equals(UNKNOWN) ? UNKNOWN : "urn:passerelle:problem:" + problem;
    }

    private static String first(Pattern pattern, String body, String otherwise) {
        Matcher found = pattern.matcher(body);
        return found.find() ? found.group(1) : otherwise;
    }

    /**
     * Whether the same answer would never be taken: it is about nothing that the other side knows, or it is not understood.
     * A clock that is off, a key not yet known, an exchange that is switched off or a fault may be over at the next attempt.
     */
    boolean forEver() {
        return (status == 409 || status == 422)
                && (OF_THE_CONTENT.contains(problem)
                        || problem.equals("exchange-misdirected") && field.startsWith("content."));
    }
}
