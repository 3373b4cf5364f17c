package org.passerelle.identification.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;
import org.passerelle.eventsourcing.Refusal;

/**
 * The public name of a case: ten random digits and two check digits (ISO 7064 MOD 97-10), written {@code 4829-1370-6158}.
 * Digits in groups, so that it can be said and typed in any language; the check digits catch every wrong digit and
 * every swap of two neighbours, so that a slip never opens another person's case.
 */
public record CaseCode(@JsonValue String text) {

    /** How many different codes there are: every ten-digit number. */
    public static final long NUMBERS = 10_000_000_000L;

    private static final Pattern CANONICAL = Pattern.compile("[0-9]{4}-[0-9]{4}-[0-9]{4}");
    private static final Pattern SEPARATORS = Pattern.compile("[\\s.\\-\u2010-\u2015]");
    private static final Pattern TWELVE_DIGITS = Pattern.compile("[0-9]{12}");

    public CaseCode {
        if (!CANONICAL.matcher(text).matches() || !checks(text.replace("-", ""))) {
            throw new IllegalArgumentException("not a case code: wrong form or wrong check digits");
        }
    }

    /**
     * The code with this ten-digit number.
     *
     * @param number from 0 (inclusive) to {@link #NUMBERS} (exclusive)
     */
    public static CaseCode numbered(long number) {
        if (number < 0 || number >= NUMBERS) {
            throw new IllegalArgumentException("a case number has ten digits");
        }
        long check = 98 - (number * 100) % 97;
        return new CaseCode(grouped("%010d%02d".formatted(number, check)));
    }

    /**
     * Reads a code as people write it: hyphens, blanks and dots between the digits do not matter.
     *
     * @throws Refusal {@code case-code-malformed} or {@code case-code-mistyped}, naming the field {@code caseCode}
     */
    @JsonCreator
    public static CaseCode parse(String written) {
        String digits = SEPARATORS.matcher(written).replaceAll("");
        if (!TWELVE_DIGITS.matcher(digits).matches()) {
            throw Refusal.of("case-code-malformed").field("caseCode").invalid();
        }
        if (!checks(digits)) {
            throw Refusal.of("case-code-mistyped").field("caseCode").invalid();
        }
        return new CaseCode(grouped(digits));
    }

    private static boolean checks(String digits) {
        return Long.parseLong(digits) % 97 == 1;
    }

    private static String grouped(String digits) {
        return digits.substring(0, 4) + "-" + digits.substring(4, 8) + "-" + digits.substring(8);
    }

    @Override
    public String toString() {
        return text;
    }
}
