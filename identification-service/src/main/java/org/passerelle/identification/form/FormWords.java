package org.passerelle.identification.form;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.text.MessageFormat;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.stream.Collectors;
import org.passerelle.identification.detecting.Sex;

/** The words of the form, in one of the languages of the product. */
public record FormWords(Locale language, ResourceBundle bundle) {

    /** ISO 639-2 codes of the languages that the Java platform has a name for; two-letter by three-letter. */
    private static final Map<String, Locale> NAMED = Arrays.stream(Locale.getISOLanguages())
            .map(Locale::of)
            .collect(Collectors.toMap(Locale::getISO3Language, locale -> locale, (one, other) -> one));

    public static FormWords in(Locale language) {
        return new FormWords(
                language,
                ResourceBundle.getBundle(
                        "form",
                        language,
                        FormWords.class.getClassLoader(),
                        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES)));
    }

    public String of(String key, Object... args) {
        String text = bundle.getString(key);
        return args.length == 0 ? text : new MessageFormat(text, language).format(args);
    }

    public String sex(Sex sex) {
        try {
            return of("sex."
                    + Sex.class
                            .getField(sex.name())
                            .getAnnotation(JsonProperty.class)
                            .value());
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The name of a language where there is one in the reader's, otherwise its code. */
    public String language(String code) {
        Locale named = NAMED.get(code);
        return named == null ? code : named.getDisplayLanguage(language);
    }
}
