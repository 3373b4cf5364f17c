package org.passerelle.edge;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a request is for, as its sender says; kept with the record of every look. */
public enum Purpose {
    CASE_WORK,
    REFERRAL,
    ASSISTANCE,
    SUPERVISION,
    COORDINATION,
    AUDIT,
    /** The person asked for it. */
    PERSONS_REQUEST,
    LEGAL_DUTY,
    /** An emergency. Nobody states it: it is what a read behind a broken glass is for. */
    BREAK_GLASS,
    NOT_STATED;

    public static final String HEADER = "Passerelle-Purpose";

    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @return empty for a word that is none; not stated where there is no header */
    static Optional<Purpose> stated(@Nullable String header) {
        return header == null
                ? Optional.of(NOT_STATED)
                : Arrays.stream(values())
                        .filter(purpose ->
                                purpose != BREAK_GLASS && purpose.code().equals(header.strip()))
                        .findFirst();
    }
}
