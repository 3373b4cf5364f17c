package org.passerelle.reporting.console;

import java.text.MessageFormat;
import java.text.NumberFormat;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.passerelle.reporting.language.Language;

/** The words of the pages in one language; {@code console_fr|es|en.properties}. Templates say {@code w.say('key')}. */
public final class Words {
    private static final String BUNDLE = "org.passerelle.reporting.console.console";

    private final Language language;
    private final ResourceBundle bundle;

    private Words(Language language) {
        this.language = language;
        this.bundle = ResourceBundle.getBundle(
                BUNDLE,
                language.locale(),
                Words.class.getClassLoader(),
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    public static Words in(Language language) {
        return new Words(language);
    }

    public Language language() {
        return language;
    }

    public String say(String key) {
        return format(key);
    }

    public String say(String key, Object value) {
        return format(key, value);
    }

    public String say(String key, Object first, Object second) {
        return format(key, first, second);
    }

    /** The word for a code where there is one, else the code. */
    public String word(String kind, String code) {
        String key = kind + "." + code;
        return bundle.containsKey(key) ? bundle.getString(key) : code;
    }

    /** A month as it is written in a sentence, e.g. {@code novembre 2026}. */
    public String month(YearMonth month) {
        return DateTimeFormatter.ofPattern(bundle.getString("month"), language.locale())
                .format(month);
    }

    /** A count with the language's grouping, e.g. {@code 12 345}. */
    public String number(long count) {
        return NumberFormat.getIntegerInstance(language.locale()).format(count);
    }

    /** A share of a whole, e.g. {@code 45 %}; a dash where there is no whole. */
    public String share(long part, long whole) {
        if (whole == 0) {
            return "–";
        }
        return NumberFormat.getPercentInstance(language.locale()).format((double) part / whole);
    }

    /** The name of a country by its ISO 3166-1 code; null for a code that is none. */
    public @Nullable String country(String code) {
        String name = Locale.of("", code).getDisplayCountry(language.locale());
        return name.isEmpty() || name.equals(code) ? null : name;
    }

    private String format(String key, Object... values) {
        return new MessageFormat(bundle.getString(key), language.locale()).format(values);
    }
}
