package org.passerelle.reporting.language;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A language of the users. French is the first and the default. */
public enum Language {
    FRENCH("fr", "Français"),
    SPANISH("es", "Español"),
    ENGLISH("en", "English");

    private static final List<Locale> LOCALES =
            Arrays.stream(values()).map(Language::locale).toList();
    /** Longer headers are not read: no browser sends them. Characters. */
    private static final int HEADER_LIMIT = 500;

    private final String code;
    private final String ownName;

    Language(String code, String ownName) {
        this.code = code;
        this.ownName = ownName;
    }

    /** ISO 639-1, e.g. {@code fr}. */
    public String code() {
        return code;
    }

    /** Its name as its own speakers write it. */
    public String ownName() {
        return ownName;
    }

    public Locale locale() {
        return Locale.forLanguageTag(code);
    }

    public static Optional<Language> ofCode(@Nullable String code) {
        return Arrays.stream(values())
                .filter(language -> language.code.equals(code))
                .findFirst();
    }

    /** The reader's best language of the three by {@code Accept-Language}; French where the header says nothing we have. */
    public static Language accepted(@Nullable String acceptLanguage) {
        if (acceptLanguage == null || acceptLanguage.isBlank() || acceptLanguage.length() > HEADER_LIMIT) {
            return FRENCH;
        }
        try {
            @Nullable Locale best = Locale.lookup(Locale.LanguageRange.parse(acceptLanguage), LOCALES);
            return best == null ? FRENCH : ofCode(best.getLanguage()).orElse(FRENCH);
        } catch (IllegalArgumentException notAHeader) {
            return FRENCH;
        }
    }
}
