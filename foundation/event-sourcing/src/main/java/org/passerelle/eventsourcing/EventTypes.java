package org.passerelle.eventsourcing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The table of stored names: which name and version a record is stored under, and how older versions become today's.
 * Names are explicit, so that renaming a class is not a data migration.
 */
public final class EventTypes<E> {

    private record Alias(String name, int version) {}

    private final Class<E> root;
    private final Map<Class<?>, Alias> aliases;
    private final Map<String, Class<? extends E>> classes;
    private final Map<String, Integer> versions;
    private final Map<Alias, UnaryOperator<ObjectNode>> upcasters;

    private EventTypes(Builder<E> from) {
        this.root = from.root;
        this.aliases = Map.copyOf(from.aliases);
        this.classes = Map.copyOf(from.classes);
        this.versions = Map.copyOf(from.versions);
        this.upcasters = Map.copyOf(from.upcasters);
    }

    public static <E> Builder<E> of(Class<E> root) {
        return new Builder<>(root);
    }

    /** Every stored name with its current version, sorted by name. */
    public Map<String, Integer> current() {
        return new TreeMap<>(versions);
    }

    public NewEvent encode(E event) {
        Alias alias = aliases.get(event.getClass());
        if (alias == null) {
            throw new IllegalArgumentException("no stored name for " + event.getClass());
        }
        try {
            return new NewEvent(alias.name(), alias.version(), EventJson.MAPPER.writeValueAsBytes(event));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public E decode(StoredEvent stored) {
        return decode(stored.type(), stored.schemaVersion(), stored.data());
    }

    /**
     * @throws UnknownEvent for a name or version that this release cannot read
     */
    public E decode(String type, int schemaVersion, byte[] data) {
        Class<? extends E> target = classes.get(type);
        if (target == null) {
            throw new UnknownEvent(type, schemaVersion);
        }
        int newest = versions.getOrDefault(type, 0);
        if (schemaVersion > newest) {
            throw new UnknownEvent(type, schemaVersion);
        }
        try {
            if (schemaVersion == newest) {
                return EventJson.MAPPER.readValue(data, target);
            }
            JsonNode tree = EventJson.MAPPER.readTree(data);
            for (int version = schemaVersion; version < newest; version++) {
                UnaryOperator<ObjectNode> upcaster = upcasters.get(new Alias(type, version));
                if (upcaster == null) {
                    throw new UnknownEvent(type, schemaVersion);
                }
                tree = upcaster.apply((ObjectNode) tree);
            }
            return EventJson.MAPPER.treeToValue(tree, target);
        } catch (IOException e) {
            // The cause may quote the data, which can name a person: it is not kept.
            throw new UnreadableEvent(type, schemaVersion);
        }
    }

    @Override
    public String toString() {
        return root.getSimpleName() + " " + versions;
    }

    /** An event whose name or version this release does not know. */
    public static final class UnknownEvent extends RuntimeException {
        public UnknownEvent(String type, int schemaVersion) {
            super("unknown event " + type + " version " + schemaVersion);
        }
    }

    /** Stored bytes that are not what their name and version promise. */
    public static final class UnreadableEvent extends RuntimeException {
        public UnreadableEvent(String type, int schemaVersion) {
            super("unreadable event " + type + " version " + schemaVersion);
        }
    }

    /** Collects the table; fails at once on a name or a class given twice. */
    public static final class Builder<E> {
        private final Class<E> root;
        private final Map<Class<?>, Alias> aliases = new HashMap<>();
        private final Map<String, Class<? extends E>> classes = new HashMap<>();
        private final Map<String, Integer> versions = new HashMap<>();
        private final Map<Alias, UnaryOperator<ObjectNode>> upcasters = new HashMap<>();

        private Builder(Class<E> root) {
            this.root = root;
        }

        /**
         * @param alias   the stored name, for ever
         * @param version the version that is written now, from 1
         */
        public Builder<E> type(String alias, int version, Class<? extends E> event) {
            if (classes.putIfAbsent(alias, event) != null
                    || aliases.putIfAbsent(event, new Alias(alias, version)) != null) {
                throw new IllegalArgumentException("given twice: " + alias);
            }
            versions.put(alias, version);
            return this;
        }

        /** How the JSON of {@code fromVersion} becomes that of the next version. */
        public Builder<E> upcast(String alias, int fromVersion, UnaryOperator<ObjectNode> upcaster) {
            upcasters.put(new Alias(alias, fromVersion), upcaster);
            return this;
        }

        public EventTypes<E> build() {
            return new EventTypes<>(this);
        }
    }
}
