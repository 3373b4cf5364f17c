package org.passerelle.referral.directory;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** HSDS location_type. */
public enum LocationKind {
    PHYSICAL,
    POSTAL,
    VIRTUAL;

    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static LocationKind of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
