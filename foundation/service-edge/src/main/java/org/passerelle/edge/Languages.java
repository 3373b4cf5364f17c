package org.passerelle.edge;

import java.util.List;
import java.util.Locale;

/** The languages of the product: French unless the reader asks for another of the three. */
public final class Languages {

    public static final Locale FRENCH = Locale.FRENCH;
    public static final Locale SPANISH = Locale.of("es");
    public static final Locale ENGLISH = Locale.ENGLISH;

    private static final List<Locale> ALL = List.of(FRENCH, SPANISH, ENGLISH);

    private Languages() {}

    /** The first of ours that the reader asks for. */
    public static Locale choose(List<Locale> acceptable) {
        for (Locale wanted : acceptable) {
            for (Locale ours : ALL) {
                if (ours.getLanguage().equals(wanted.getLanguage())) {
                    return ours;
                }
            }
        }
        return FRENCH;
    }

    /** From an {@code Accept-Language} header. */
    public static Locale choose(String acceptLanguage) {
        try {
            return choose(Locale.LanguageRange.parse(acceptLanguage).stream()
                    .map(range -> Locale.forLanguageTag(range.getRange()))
                    .toList());
        } catch (IllegalArgumentException e) {
            return FRENCH;
        }
    }
}
