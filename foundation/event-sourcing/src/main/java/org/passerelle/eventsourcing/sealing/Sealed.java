package org.passerelle.eventsourcing.sealing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.crypto.tink.Aead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a sealed value: an object in its place, {@code {"$sealed": "1:KEY:TEXT", "$erased": STAND-IN}}. TEXT
 * is the value's JSON under AES-256-GCM, in base64; the stream, the stored name of the event and the place in it are
 * associated data, so that the object opens nowhere else. STAND-IN is left out where it is null. KEY is an id, in version 2
 * {@code ID.CATEGORY}, derived from the key of a person. Where that was made ahead, {@code "$of": "*ID SUBJECT"} says once
 * whose it is; before there were keys of persons, {@code "$of": "CATEGORY SUBJECT"} beside each key.
 */
public final class Sealed {

    private static final String SEALED = "$sealed";
    private static final String ERASED = "$erased";
    private static final String OF = "$of";
    private static final String VERSION = "1";
    /** As version 1, with a key that was derived: who does not know of such keys does not take it for an erased one. */
    private static final String DERIVED = "2";

    private static final int LONGEST_SUBJECT = 60;
    private static final byte[] MARK = ('"' + SEALED + "\":").getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Sealed() {}

    /** A value that does not open although its key is here: it was changed, or moved from elsewhere. */
    public static final class Tampered extends RuntimeException {
        Tampered() {
            super("a sealed value does not belong here", null, false, false);
        }
    }

    /** Where a value lies: the stream and the stored name of the event, or whatever else names its owner. */
    public record Home(String stream, String type) {

        byte[] at(String place) {
            byte[][] parts = {
                VERSION.getBytes(StandardCharsets.UTF_8),
                stream.getBytes(StandardCharsets.UTF_8),
                type.getBytes(StandardCharsets.UTF_8),
                place.getBytes(StandardCharsets.UTF_8)
            };
            int length = 0;
            for (byte[] part : parts) {
                length += Integer.BYTES + part.length;
            }
            ByteBuffer bytes = ByteBuffer.allocate(length);
            for (byte[] part : parts) {
                bytes.putInt(part.length).put(part);
            }
            return bytes.array();
        }
    }

    /** An event that is still to be sealed, parsed once. */
    public static final class Plain {

        private final ObjectNode tree;
        private final PersonalFields fields;

        public Plain(byte[] event, PersonalFields fields) {
            this.tree = object(event);
            this.fields = fields;
        }

        /** The categories of the personal fields that have a value. */
        public Set<String> categories() {
            return fields.categoriesIn(tree);
        }

        /** Its bytes as nobody's who is erased: only what stands in for the personal fields is written. */
        public byte[] erased(Home home) {
            return seal(home, "", DataKeys.Keys.NONE);
        }

        /**
         * Its bytes with the personal fields sealed; once. Where the person is erased a field is not written at all, only
         * what stands in for it.
         */
        public byte[] seal(Home home, String subject, DataKeys.Keys keys) {
            Set<String> named = new HashSet<>();
            fields.visit(tree, (at, category, value, erased) -> {
                Optional<String> key = keys.id(new DataKeys.Whose(subject, category));
                if (key.isEmpty()) {
                    return erased;
                }
                String id = key.get();
                Aead aead = keys.ring().key(id).orElseThrow();
                ObjectNode closed = JsonNodeFactory.instance.objectNode();
                closed.put(SEALED, text(id, aead, bytes(value), home.at(at)));
                if (!erased.isNull()) {
                    closed.set(ERASED, erased);
                }
                String kept = KeyReference.parse(id).id();
                if (keys.unnamed(id) && named.add(kept)) {
                    closed.put(OF, OF_PERSON + kept + " " + subject);
                }
                return closed;
            });
            return bytes(tree);
        }
    }

    /**
     * Whether a personal field has a value in the clear, other than what stands in for an erased one: as events have
     * that were stored before they were sealed.
     */
    public static boolean inTheClear(byte[] event, PersonalFields fields) {
        boolean[] found = {false};
        fields.visit(object(event), (at, category, value, erased) -> {
            found[0] |= !value.has(SEALED) && !value.equals(erased);
            return value;
        });
        return found[0];
    }

    private static String text(String key, Aead aead, byte[] value, byte[] home) {
        try {
            return (key.indexOf('.') < 0 ? VERSION : DERIVED) + ":" + key + ":"
                    + Base64.getEncoder().withoutPadding().encodeToString(aead.encrypt(value, home));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a value cannot be sealed");
        }
    }

    /** What an event has in it that says whose a key is; in JSON without spaces it cannot lie within a text. */
    public static final String NAMES_A_KEY = "\"" + OF + "\":\"";

    /** What comes behind that where it is the key of a person, and then {@link #named(String)} wants so many characters. */
    public static final char OF_PERSON = '*';

    /** An id, a space, a subject, a quote. */
    public static final int LONGEST_NAME = 36 + 1 + LONGEST_SUBJECT + 1;

    /** Whether an event can say that a key is of this subject; all that is about a case can. */
    static boolean canName(String subject) {
        return !subject.isEmpty()
                && subject.length() <= LONGEST_SUBJECT
                && subject.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\');
    }

    /** A key, and whose it is. */
    public record Named(UUID key, DataKeys.Whose whose) {}

    /** @param said what an event has behind {@link #OF_PERSON}, and more */
    public static Optional<Named> named(String said) {
        String[] of = said.substring(0, Math.max(0, said.indexOf('"'))).split(" ", 2);
        return of.length < 2
                ? Optional.empty()
                : KeyReference.uuid(of[0]).map(id -> new Named(id, new DataKeys.Whose(of[1], DataKeys.Whose.ALL)));
    }

    /** Whose the keys are of which this event says so, of persons and of categories. */
    public static List<Named> named(byte[] event) {
        List<Named> named = new ArrayList<>();
        for (JsonNode closed : object(event).findParents(OF)) {
            String said = closed.get(OF).asText();
            if (said.startsWith(String.valueOf(OF_PERSON))) {
                named(said.substring(1) + '"').ifPresent(named::add);
                continue;
            }
            String[] sealed = closed.path(SEALED).asText().split(":", 3);
            String[] of = said.split(" ", 2);
            if (sealed.length == 3 && of.length == 2) {
                KeyReference.uuid(sealed[1])
                        .ifPresent(id -> named.add(new Named(id, new DataKeys.Whose(of[1], of[0]))));
            }
        }
        return named;
    }

    /** Whether there may be a sealed value in these bytes; without parsing them. */
    public static boolean mayBeIn(byte[] event) {
        return next(event, 0) >= 0;
    }

    /** The ids of the keys that sealed something in these bytes; without parsing them. */
    public static Set<String> keysIn(byte[] event) {
        Set<String> ids = new HashSet<>();
        for (int at = next(event, 0); at >= 0; at = next(event, at)) {
            int from = at + 1 + VERSION.length() + 1;
            int to = from;
            while (to < event.length && event[to] != ':' && event[to] != '"') {
                to++;
            }
            if (to < event.length && event[to] == ':') {
                ids.add(new String(event, from, to - from, StandardCharsets.US_ASCII));
            }
        }
        return ids;
    }

    /**
     * The place after the next mark, -1 for none. In JSON without spaces the mark cannot lie within a text, whose
     * quotes are escaped.
     */
    private static int next(byte[] event, int from) {
        for (int i = Math.max(1, from); i <= event.length - MARK.length + 1; i++) {
            if (event[i] == '$' && matches(event, i - 1)) {
                return i - 1 + MARK.length;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] event, int from) {
        if (from + MARK.length > event.length || from > 0 && event[from - 1] == '\\') {
            return false;
        }
        for (int i = 0; i < MARK.length; i++) {
            if (event[from + i] != MARK[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Opens, in place, whatever is sealed under a key of the ring; elsewhere puts what stands in for it.
     *
     * @return the node itself, or what came in its stead
     * @throws Tampered where the key is there and the value does not open
     */
    public static JsonNode open(JsonNode node, Home home, KeyRing ring) {
        return open(node, "", home, ring);
    }

    private static JsonNode open(JsonNode node, String at, Home home, KeyRing ring) {
        if (node instanceof ObjectNode object) {
            if (object.has(SEALED)) {
                return opened(object, at, home, ring);
            }
            List<String> gone = new ArrayList<>();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                JsonNode value = open(field.getValue(), Places.within(at, field.getKey()), home, ring);
                if (value.isNull() && !field.getValue().isNull()) {
                    gone.add(field.getKey());
                }
                field.setValue(value);
            }
            object.remove(gone); // as where nothing was ever said
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, open(array.get(i), at + "[" + i + "]", home, ring));
            }
        }
        return node;
    }

    private static JsonNode opened(ObjectNode closed, String at, Home home, KeyRing ring) {
        String[] parts = closed.path(SEALED).asText().split(":", 3);
        if (parts.length != 3 || !parts[0].equals(VERSION) && !parts[0].equals(DERIVED)) {
            throw new Tampered();
        }
        Optional<Aead> key = ring.key(parts[1]);
        if (key.isEmpty()) {
            JsonNode erased = closed.get(ERASED);
            return erased == null ? JsonNodeFactory.instance.nullNode() : erased;
        }
        try {
            return JSON.readTree(key.get().decrypt(Base64.getDecoder().decode(parts[2]), home.at(at)));
        } catch (GeneralSecurityException | IllegalArgumentException | IOException e) {
            throw new Tampered(); // the cause may quote what was opened
        }
    }

    /** Bytes other than JSON, such as a stored answer. */
    public static byte[] sealBytes(byte[] value, Home home, String key, KeyRing ring) {
        return text(key, ring.key(key).orElseThrow(), value, home.at("")).getBytes(StandardCharsets.US_ASCII);
    }

    /** The key of {@link #sealBytes}; null where the bytes are not sealed. */
    public static @Nullable String keyOf(byte[] value) {
        if (value.length < 2 || value[0] != VERSION.charAt(0) && value[0] != DERIVED.charAt(0) || value[1] != ':') {
            return null;
        }
        return new String(value, StandardCharsets.US_ASCII).split(":", 3)[1];
    }

    /** What {@link #sealBytes} sealed; nothing where its key is destroyed. */
    public static Optional<byte[]> openBytes(byte[] value, Home home, KeyRing ring) {
        String[] parts = new String(value, StandardCharsets.US_ASCII).split(":", 3);
        return ring.key(parts[1]).map(key -> {
            try {
                return key.decrypt(Base64.getDecoder().decode(parts[2]), home.at(""));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new Tampered();
            }
        });
    }

    private static ObjectNode object(byte[] event) {
        try {
            return (ObjectNode) JSON.readTree(event);
        } catch (IOException e) {
            throw new IllegalStateException("an event is not JSON");
        }
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
