package org.passerelle.identification.searching;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What somebody is looked for by, so written that accents, capitals, hyphens and the order of names make no difference.
 * Whole words only: a part of a name finds nothing.
 */
public final class Tokens {

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern FILLING = Pattern.compile("[\\s().\\-/]+");
    private static final Pattern INTERNATIONAL = Pattern.compile("\\+[1-9][0-9]{6,14}");

    private Tokens() {}

    /** The words of these names, each once, sorted. */
    public static SortedSet<String> names(@Nullable String... names) {
        SortedSet<String> words = new TreeSet<>();
        for (String name : names) {
            if (name != null) {
                String plain = MARKS.matcher(Normalizer.normalize(name, Normalizer.Form.NFKD))
                        .replaceAll("");
                // Up and down again: so "ß" is "ss", and a final sigma one like any.
                String folded = plain.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
                Arrays.stream(BETWEEN.split(folded))
                        .filter(word -> !word.isEmpty())
                        .forEach(words::add);
            }
        }
        return words;
    }

    /**
     * The international form of a number as people write it: spaces, dots, hyphens, slashes and brackets do not count,
     * {@code 00} stands for {@code +}, and a number that begins with one {@code 0}, or with neither, is of the country.
     *
     * @param countryCode digits with {@code +}; null where no country is set: then only international numbers are known
     * @return nothing for what is no number
     */
    public static Optional<String> phone(String written, @Nullable String countryCode) {
        String digits = FILLING.matcher(written).replaceAll("");
        String number;
        if (digits.startsWith("+")) {
            number = digits;
        } else if (digits.startsWith("00")) {
            number = "+" + digits.substring(2);
        } else if (countryCode == null) {
            return Optional.empty();
        } else {
            number = countryCode + (digits.startsWith("0") ? digits.substring(1) : digits);
        }
        return INTERNATIONAL.matcher(number).matches() ? Optional.of(number) : Optional.empty();
    }
}
