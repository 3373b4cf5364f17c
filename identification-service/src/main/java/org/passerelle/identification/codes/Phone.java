package org.passerelle.identification.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;
import org.passerelle.eventsourcing.Refusal;

/** A telephone number in the international form E.164 ({@code +25779000000}). */
public record Phone(@JsonValue String number) {

    private static final Pattern FORM = Pattern.compile("\\+[1-9][0-9]{6,14}");

    /** @throws Refusal {@code phone-malformed}, which does not repeat the number */
    public Phone {
        if (!FORM.matcher(number).matches()) {
            throw Refusal.of("phone-malformed").invalid();
        }
    }

    @JsonCreator
    public static Phone of(String number) {
        return new Phone(number);
    }
}
