package org.passerelle.eventsourcing.sealing;

import org.jspecify.annotations.Nullable;

/**
 * The keys cannot be asked for now, or are wrapped by a key-encryption key that cannot be reached: never a reason to read
 * a field as erased.
 */
public final class KeysUnavailable extends RuntimeException {
    public KeysUnavailable(String what, @Nullable Throwable cause) {
        super(what, cause);
    }
}
