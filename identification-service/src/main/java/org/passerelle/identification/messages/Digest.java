package org.passerelle.identification.messages;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** SHA-256 of a file as it was exchanged, in base64url without padding. */
public record Digest(@JsonValue String text) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

    public Digest {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("not a SHA-256 in base64url");
        }
    }

    @JsonCreator
    public static Digest parse(String text) {
        return new Digest(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
