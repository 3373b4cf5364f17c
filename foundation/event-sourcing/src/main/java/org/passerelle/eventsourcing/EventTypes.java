package org.passerelle.eventsourcing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.KeyRing;
import org.passerelle.eventsourcing.sealing.PersonalFields;
import org.passerelle.eventsourcing.sealing.Sealed;

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
    private final Map<Class<?>, PersonalFields> personal;
    private final BiFunction<StreamId, E, String> subject;

    private EventTypes(Builder<E> from) {
        this.root = from.root;
        this.aliases = Map.copyOf(from.aliases);
        this.classes = Map.copyOf(from.classes);
        this.versions = Map.copyOf(from.versions);
        this.upcasters = Map.copyOf(from.upcasters);
        this.subject = from.subject;
        Map<Class<?>, PersonalFields> fields = new HashMap<>();
        aliases.keySet().forEach(type -> {
            PersonalFields found = PersonalFields.of(type);
            if (!found.isEmpty()) {
                fields.put(type, found);
            }
        });
        this.personal = Map.copyOf(fields);
    }

    public static <E> Builder<E> of(Class<E> root) {
        return new Builder<>(root);
    }

    /** Every stored name with its current version, sorted by name. */
    public Map<String, Integer> current() {
        return new TreeMap<>(versions);
    }

    /** Whether any of the events has personal fields. */
    boolean personal() {
        return !personal.isEmpty();
    }

    /** Whether what is stored has a personal field in the clear: destroying keys would not erase it. */
    boolean inTheClear(StoredEvent stored) {
        Class<? extends E> type = classes.get(stored.type());
        PersonalFields fields = type == null ? null : personal.get(type);
        return fields != null && Sealed.inTheClear(stored.data(), fields);
    }

    /** An event of no stream: one with personal fields cannot be stored so. */
    public NewEvent encode(E event) {
        return encode(event, null);
    }

    public NewEvent encode(StreamId stream, E event) {
        return encode(event, stream);
    }

    private NewEvent encode(E event, @Nullable StreamId stream) {
        Alias alias = aliases.get(event.getClass());
        if (alias == null) {
            throw new IllegalArgumentException("no stored name for " + event.getClass());
        }
        try {
            byte[] data = EventJson.MAPPER.writeValueAsBytes(event);
            PersonalFields fields = personal.get(event.getClass());
            if (fields == null) {
                return new NewEvent(alias.name(), alias.version(), data);
            }
            if (Sealed.mayBeIn(data)) {
                throw new IllegalArgumentException("it looks as if it were sealed: " + alias.name());
            }
            return new NewEvent(
                    alias.name(),
                    alias.version(),
                    data,
                    new NewEvent.Unsealed(fields, stream == null ? null : subject.apply(stream, event)));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sealed fields read as what stands in for them, unless their keys were found: see {@link EventStore#opened}. */
    public E decode(StoredEvent stored) {
        return decode(
                stored.type(),
                stored.schemaVersion(),
                stored.data(),
                stored.stream().text(),
                stored.keys());
    }

    /**
     * @throws UnknownEvent for a name or version that this release cannot read
     */
    public E decode(String type, int schemaVersion, byte[] data) {
        return decode(type, schemaVersion, data, "", KeyRing.EMPTY);
    }

    private E decode(String type, int schemaVersion, byte[] data, String stream, KeyRing keys) {
        Class<? extends E> target = classes.get(type);
        if (target == null) {
            throw new UnknownEvent(type, schemaVersion);
        }
        int newest = versions.getOrDefault(type, 0);
        if (schemaVersion > newest) {
            throw new UnknownEvent(type, schemaVersion);
        }
        try {
            boolean closed = (schemaVersion < newest || personal.containsKey(target)) && Sealed.mayBeIn(data);
            if (schemaVersion == newest && !closed) {
                return EventJson.MAPPER.readValue(data, target);
            }
            JsonNode tree = EventJson.MAPPER.readTree(data);
            if (closed) {
                tree = Sealed.open(tree, new Sealed.Home(stream, type), keys);
            }
            for (int version = schemaVersion; version < newest; version++) {
                UnaryOperator<ObjectNode> upcaster = upcasters.get(new Alias(type, version));
                if (upcaster == null) {
                    throw new UnknownEvent(type, schemaVersion);
                }
                tree = upcaster.apply((ObjectNode) tree);
            }
            return EventJson.MAPPER.treeToValue(tree, target);
        } catch (IOException | Sealed.Tampered e) {
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
        private BiFunction<StreamId, E, String> subject = (stream, event) -> stream.key();

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

        /** Whose personal fields an event has; the key of its stream where this is not said. */
        public Builder<E> about(BiFunction<StreamId, E, String> whose) {
            subject = whose;
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
