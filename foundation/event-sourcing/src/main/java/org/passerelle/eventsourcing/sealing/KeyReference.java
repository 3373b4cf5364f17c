package org.passerelle.eventsourcing.sealing;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * How what is sealed names its key: {@code ID}, or {@code ID.CATEGORY} where it was derived from a person's.
 *
 * @param id       of the key as it is kept
 * @param category empty for a key of one category
 */
record KeyReference(String id, String category) {

    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    static KeyReference of(String id, DataKey key, String category) {
        return new KeyReference(id, key.of() == DataKey.Of.PERSON ? category : "");
    }

    static KeyReference parse(String text) {
        int dot = text.indexOf('.');
        return dot < 0 ? new KeyReference(text, "") : new KeyReference(text.substring(0, dot), text.substring(dot + 1));
    }

    String text() {
        return category.isEmpty() ? id : id + "." + category;
    }

    /** Nothing where it is no key of ours. */
    Optional<UUID> uuid() {
        return uuid(id);
    }

    static Optional<UUID> uuid(String id) {
        return UUID_TEXT.matcher(id).matches() ? Optional.of(UUID.fromString(id)) : Optional.empty();
    }
}
