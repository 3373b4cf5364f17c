package org.passerelle.eventsourcing.sealing;

import com.google.crypto.tink.Aead;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Data keys at hand, by id: what they sealed can be opened without asking anybody. A key that is not here is destroyed,
 * or nobody asked for it. To be used at once, never kept: see {@link DataKeys}.
 */
public final class KeyRing {

    /** Opens nothing: every sealed field reads as erased. */
    public static final KeyRing EMPTY = new KeyRing(Map.of());

    private final Map<String, Aead> keys;

    KeyRing(Map<String, Aead> keys) {
        this.keys = Map.copyOf(keys);
    }

    Optional<Aead> key(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    /** The keys that are here. */
    public Set<String> ids() {
        return keys.keySet();
    }

    /** Numbers only. */
    @Override
    public String toString() {
        return keys.size() + " keys";
    }
}
