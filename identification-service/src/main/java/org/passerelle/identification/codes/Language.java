package org.passerelle.identification.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;
import org.passerelle.eventsourcing.Refusal;

/**
 * A language, by a code in the form of ISO 639-2 ({@code run}, {@code mos}). Only the form is checked: no list of the
 * Java platform has all the languages that people here speak.
 */
public record Language(@JsonValue String code) {

    private static final Pattern FORM = Pattern.compile("[a-z]{3}");

    /** @throws Refusal {@code language-malformed} */
    public Language {
        if (!FORM.matcher(code).matches()) {
            throw Refusal.of("language-malformed").invalid();
        }
    }

    @JsonCreator
    public static Language of(String code) {
        return new Language(code);
    }

    @Override
    public String toString() {
        return code;
    }
}
