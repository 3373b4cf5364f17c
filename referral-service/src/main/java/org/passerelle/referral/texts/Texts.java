package org.passerelle.referral.texts;

import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;

/** Sentences by code, in the language of the reader; French where a language has none. */
public final class Texts {

    private static final ResourceBundle.Control NO_MACHINE_DEFAULT =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    private final Locale locale;
    private final ResourceBundle bundle;

    private Texts(Locale locale) {
        this.locale = locale;
        this.bundle = ResourceBundle.getBundle("org.passerelle.referral.texts.sentences", locale, NO_MACHINE_DEFAULT);
    }

    public static Texts in(Locale locale) {
        return new Texts(locale);
    }

    public String say(String code, List<String> args) {
        try {
            return new MessageFormat(bundle.getString(code), locale).format(args.toArray());
        } catch (MissingResourceException unknown) {
            throw new IllegalStateException("no text for " + code, unknown);
        }
    }

    public String say(String code, String... args) {
        return say(code, List.of(args));
    }
}
