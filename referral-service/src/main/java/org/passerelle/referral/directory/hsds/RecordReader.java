package org.passerelle.referral.directory.hsds;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One record of the document: reads its fields and notes what is wrong with them, naming the record. A wrong field
 * reads as absent, so that one pass finds the faults of the whole document.
 */
final class RecordReader {

    static final int MAX_TEXT = 10_000;

    /** Clocks differ, and a day without a time may be that of a place east of Greenwich. */
    private static final Duration CLOCKS_APART = Duration.ofHours(14);

    /** What says nothing of a service: how the record is kept and what it hangs on. */
    private static final Set<String> BOOKKEEPING = Set.of("id", "metadata", "last_modified");

    private final String table;
    private final String path;
    private final JsonNode node;
    private final Faults faults;

    private RecordReader(String table, String path, JsonNode node, Faults faults) {
        this.table = table;
        this.path = path;
        this.node = node;
        this.faults = faults;
    }

    /** The records of a table, or of a list inside a record; absent reads as empty. */
    static List<RecordReader> each(JsonNode document, String table, Faults faults) {
        return each(document, "", "", table, faults);
    }

    private static List<RecordReader> each(
            JsonNode parent, String parentTable, String parentPath, String table, Faults faults) {
        JsonNode list = parent.path(table);
        if (list.isMissingNode() || list.isNull()) {
            return List.of();
        }
        String prefix = parentPath.isEmpty() ? table : parentPath + " " + table;
        if (!list.isArray()) {
            faults.wrong(prefix, "", "import.not-a-list");
            return List.of();
        }
        List<RecordReader> records = new ArrayList<>();
        for (int at = 0; at < list.size(); at++) {
            JsonNode node = list.get(at);
            JsonNode id = node.path("id");
            String path = prefix + "[" + at + "]" + (id.isTextual() ? " id=" + shortened(id.textValue()) : "");
            if (node.isObject()) {
                records.add(new RecordReader(parentTable + " " + table, path, node, faults));
            } else {
                faults.wrong(path, "", "import.not-a-record");
            }
        }
        return records;
    }

    List<RecordReader> children(String field) {
        return each(node, table, path, field, faults);
    }

    String path() {
        return path;
    }

    JsonNode node() {
        return node;
    }

    boolean has(String field) {
        return node.hasNonNull(field);
    }

    void wrong(String field, String code, String... args) {
        faults.wrong(path, field, code, args);
    }

    void warn(String field, String code, String... args) {
        faults.warn(path, field, code, args);
    }

    @Nullable
    UUID id(String field) {
        String text = required(field);
        if (text == null) {
            return null;
        }
        try {
            UUID id = UUID.fromString(text);
            if (text.length() == 36) {
                return id;
            }
        } catch (IllegalArgumentException notAnId) {
            // said below, together with the shortened forms that Java's parser lets pass
        }
        wrong(field, "import.not-an-id", shortened(text));
        return null;
    }

    @Nullable
    String required(String field) {
        String text = optional(field);
        if (text == null && !(has(field) && !node.get(field).isTextual())) {
            wrong(field, "import.required");
        }
        return text;
    }

    /** Trimmed text; blank reads as absent. */
    @Nullable
    String optional(String field) {
        if (!has(field)) {
            return null;
        }
        JsonNode value = node.get(field);
        if (!value.isTextual()) {
            wrong(field, "import.not-text");
            return null;
        }
        String text = value.textValue().strip();
        if (text.length() > MAX_TEXT) {
            wrong(field, "import.too-long", Integer.toString(MAX_TEXT));
            return null;
        }
        return text.isEmpty() ? null : text;
    }

    @Nullable
    Integer count(String field, int max) {
        if (!has(field)) {
            return null;
        }
        JsonNode value = node.get(field);
        // HSDS declares ages and capacities as numbers: 18.0 is the integer 18
        if (value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue())) {
            double number = value.doubleValue();
            if (number >= 0 && number <= max) {
                return (int) number;
            }
        }
        wrong(field, "import.not-a-count", shortened(value.toString()), Integer.toString(max));
        return null;
    }

    @Nullable
    Double degrees(String field, int limit) {
        if (!has(field)) {
            return null;
        }
        JsonNode value = node.get(field);
        if (value.isNumber() && Math.abs(value.doubleValue()) <= limit) {
            return value.doubleValue();
        }
        wrong(field, "import.not-degrees", shortened(value.toString()), Integer.toString(limit));
        return null;
    }

    boolean flag(String field) {
        if (has(field) && !node.get(field).isBoolean()) {
            wrong(field, "import.not-a-flag", shortened(node.get(field).toString()));
        }
        return node.path(field).asBoolean(false);
    }

    /** A date, read as its first moment in UTC, or a date and time. */
    @Nullable
    Instant moment(String field) {
        String text = optional(field);
        if (text == null) {
            return null;
        }
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notATime) {
            wrong(field, "import.not-a-time", shortened(text));
            return null;
        }
    }

    /** A moment that is over: what is said to be of tomorrow would never grow old. */
    @Nullable
    Instant pastMoment(String field) {
        Instant moment = moment(field);
        if (moment != null && moment.isAfter(Instant.now().plus(CLOCKS_APART))) {
            wrong(field, "import.in-the-future", moment.toString());
        }
        return moment;
    }

    /** A day, {@code 2026-11-20}; of a moment its day. */
    @Nullable
    LocalDate date(String field) {
        Instant moment = moment(field);
        return moment == null ? null : LocalDate.ofInstant(moment, ZoneOffset.UTC);
    }

    List<String> texts(String field) {
        if (!has(field)) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        if (!node.get(field).isArray()) {
            wrong(field, "import.not-a-list");
            return List.of();
        }
        for (JsonNode value : node.get(field)) {
            if (value.isTextual()) {
                texts.add(value.textValue());
            } else {
                wrong(field, "import.not-text");
            }
        }
        return texts;
    }

    /** Once for a field of a table, and not where nothing stands in it. */
    void warnOfFieldsOtherThan(Set<String> read) {
        node.properties().forEach(field -> {
            String name = field.getKey();
            if (!read.contains(name) && !BOOKKEEPING.contains(name) && !isEmpty(field.getValue())) {
                warnOnce(shortened(name), "import.unknown-field", shortened(name));
            }
        });
    }

    /** Once for a table, however many of its records show it. */
    void warnOnce(String field, String code, String... args) {
        faults.warnOnce(table + " " + code + " " + String.join(" ", args), path, field, code, args);
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isNull()
                || value.isContainerNode() && value.isEmpty()
                || value.isTextual() && value.textValue().isBlank();
    }

    /** Values come from a foreign file: they are quoted in answers, but not at any length. */
    static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
