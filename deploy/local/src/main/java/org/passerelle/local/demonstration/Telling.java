package org.passerelle.local.demonstration;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.function.Consumer;

/** Says what happens on the road, one plain sentence at a time, in the listener's language. */
final class Telling {
    private final ResourceBundle sentences;
    private final Locale language;
    private final Consumer<String> listener;

    /** @param language fr, es or en */
    Telling(String language, Consumer<String> listener) {
        this.language = Locale.of(language);
        this.sentences = ResourceBundle.getBundle(
                "demonstration.telling",
                this.language,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_DEFAULT));
        this.listener = listener;
    }

    void say(String sentence, Object... with) {
        listener.accept(text(sentence, with));
    }

    String text(String sentence, Object... with) {
        return new MessageFormat(sentences.getString(sentence), language).format(with);
    }

    /** The word for a code, or the code itself where the bundle has none. */
    String word(String kind, String code) {
        try {
            return sentences.getString(kind + "." + code);
        } catch (MissingResourceException unnamed) {
            return code;
        }
    }
}
