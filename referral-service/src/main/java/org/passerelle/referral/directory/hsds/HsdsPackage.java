package org.passerelle.referral.directory.hsds;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The tabular form of HSDS 3: a zip of CSV files in UTF-8, one per table, with a {@code datapackage.json}. Read, it is the
 * document that {@link HsdsReader} reads: what the tables say by foreign keys is nested. Files may lie in a folder and have
 * the table's name in the plural (HSDS 3.1) or the singular (3.0).
 */
public final class HsdsPackage {

    /** Uncompressed, of all files together. */
    public static final int MAX_BYTES = 64_000_000;

    /** Of all files together. */
    public static final int MAX_ROWS = 500_000;

    private static final int MAX_FILES = 64;
    private static final List<String> TOP = List.of("organizations", "services", "locations", "service_at_locations");

    /** Under which field of its record a table's rows are nested. */
    private static final Map<String, String> NESTED = new TreeMap<>(Map.of(
            "addresses", "addresses",
            "phones", "phones",
            "schedules", "schedules",
            "service_areas", "service_areas",
            "languages", "languages",
            "service_capacities", "capacities",
            "cost_options", "cost_options",
            "accessibility", "accessibility"));

    private static final Map<String, String> SINGULAR = Map.ofEntries(
            Map.entry("organization", "organizations"),
            Map.entry("service", "services"),
            Map.entry("location", "locations"),
            Map.entry("service_at_location", "service_at_locations"),
            Map.entry("address", "addresses"),
            Map.entry("phone", "phones"),
            Map.entry("schedule", "schedules"),
            Map.entry("service_area", "service_areas"),
            Map.entry("language", "languages"),
            Map.entry("service_capacity", "service_capacities"),
            Map.entry("cost_option", "cost_options"),
            Map.entry("accessibility", "accessibility"),
            Map.entry("unit", "units"),
            Map.entry("attribute", "attributes"),
            Map.entry("taxonomy_term", "taxonomy_terms"));

    /** The keys of rows that hang on a record. */
    private static final List<String> PARENTS =
            List.of("service_id", "location_id", "organization_id", "service_at_location_id");

    /** What attributes are read of; an empty one is taken for one of these. */
    private static final Set<String> READ = Set.of(
            "",
            "organization",
            "organizations",
            "service",
            "services",
            "location",
            "locations",
            "service_at_location",
            "service_at_locations");

    private static final Set<String> NUMBERS =
            Set.of("latitude", "longitude", "minimum_age", "maximum_age", "available", "maximum");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final CsvMapper CSV = CsvMapper.builder()
            .enable(CsvParser.Feature.TRIM_SPACES)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    private HsdsPackage() {}

    /**
     * @param document as {@link HsdsReader} reads it
     * @param unread what the package holds and the document does not
     */
    public record Tables(ObjectNode document, List<Fault> unread) {

        public HsdsDirectory directory() throws MalformedDirectory {
            return HsdsReader.read(document, unread);
        }
    }

    /** @throws MalformedDirectory when it is no package; what is wrong in a record, {@link HsdsReader} tells */
    public static Tables read(byte[] zip) throws MalformedDirectory {
        Set<Fault> unread = new LinkedHashSet<>();
        Map<String, List<ObjectNode>> tables = tables(zip, unread);
        if (!tables.containsKey("organizations")) {
            throw malformed("organizations.csv", "import.not-a-directory");
        }
        ObjectNode document = JSON.objectNode();
        Map<String, ObjectNode> records = new HashMap<>();
        for (String table : TOP) {
            ArrayNode list = document.putArray(table);
            for (ObjectNode row : tables.getOrDefault(table, List.of())) {
                list.add(row);
                records.putIfAbsent(key(row, "id"), row);
            }
        }
        Map<String, ObjectNode> units = byId(tables.getOrDefault("units", List.of()));
        for (Map.Entry<String, String> nested : NESTED.entrySet()) {
            for (ObjectNode row : tables.getOrDefault(nested.getKey(), List.of())) {
                ObjectNode unit = units.get(key(row, "unit_id"));
                if (unit != null) {
                    row.set("unit", unit);
                } else if (row.has("unit_id")) {
                    throw dangling(nested.getKey(), row, key(row, "unit_id"));
                }
                String parent = parent(row);
                if (parent.isEmpty()) {
                    unread.add(unread(nested.getKey(), "import.hangs-on-nothing"));
                } else if (!nest(records, parent, nested.getValue(), row)) {
                    throw dangling(nested.getKey(), row, parent);
                }
            }
        }
        Map<String, ObjectNode> terms = byId(tables.getOrDefault("taxonomy_terms", List.of()));
        for (ObjectNode row : tables.getOrDefault("attributes", List.of())) {
            String link = key(row, "link_id");
            ObjectNode term = terms.get(key(row, "taxonomy_term_id"));
            if (term != null) {
                row.set("taxonomy_term", term);
            }
            String entity = row.path("link_entity").asText().toLowerCase(Locale.ROOT);
            // What is lost here could be that a shelter is confidential.
            if (!READ.contains(entity)) {
                unread.add(unread("attributes", "import.unread-attributes", RecordReader.shortened(entity)));
            } else if (term == null || !nest(records, link, "attributes", row)) {
                throw dangling("attributes", row, term == null ? key(row, "taxonomy_term_id") : link);
            }
        }
        return new Tables(document, List.copyOf(unread));
    }

    private static Fault unread(String table, String code, String... args) {
        return new Fault(RecordReader.shortened(table) + ".csv", "", code, List.of(args));
    }

    /** Ids are UUIDs, which are the same in capitals. */
    private static String key(ObjectNode row, String field) {
        return row.path(field).asText().strip().toLowerCase(Locale.ROOT);
    }

    private static String parent(ObjectNode row) {
        return PARENTS.stream()
                .map(key -> key(row, key))
                .filter(id -> !id.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static MalformedDirectory dangling(String table, ObjectNode row, String missing) {
        return malformed(
                table + ".csv id=" + RecordReader.shortened(row.path("id").asText()),
                "import.dangling-row",
                RecordReader.shortened(missing));
    }

    private static boolean nest(Map<String, ObjectNode> records, String parent, String field, ObjectNode row) {
        ObjectNode record = records.get(parent);
        if (record != null) {
            record.withArray(field).add(row);
        }
        return record != null;
    }

    private static Map<String, ObjectNode> byId(List<ObjectNode> rows) {
        Map<String, ObjectNode> byId = new HashMap<>();
        rows.forEach(row -> byId.put(key(row, "id"), row));
        return byId;
    }

    private static Map<String, List<ObjectNode>> tables(byte[] zip, Set<Fault> unread) throws MalformedDirectory {
        Map<String, List<ObjectNode>> tables = new HashMap<>();
        int left = MAX_BYTES;
        int room = MAX_ROWS;
        int files = 0;
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip), StandardCharsets.UTF_8)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                // What is passed over is unpacked all the same: it counts.
                byte[] bytes = in.readNBytes(left);
                left -= bytes.length;
                if (++files > MAX_FILES || left == 0) {
                    throw malformed("", "import.package-too-large");
                }
                String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                if (entry.isDirectory() || !name.toLowerCase(Locale.ROOT).endsWith(".csv")) {
                    continue;
                }
                String given = name.substring(0, name.length() - 4).toLowerCase(Locale.ROOT);
                String table = SINGULAR.getOrDefault(given, given);
                if (!SINGULAR.containsValue(table)) {
                    unread.add(unread(given, "import.unread-table", RecordReader.shortened(given)));
                    continue;
                }
                List<ObjectNode> rows = rows(name, bytes, room);
                room -= rows.size();
                if (tables.put(table, rows) != null) {
                    throw malformed(RecordReader.shortened(name), "import.table-twice");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw malformed("", "import.not-a-package");
        }
        if (tables.isEmpty()) {
            throw malformed("", "import.not-a-package");
        }
        return tables;
    }

    private static List<ObjectNode> rows(String file, byte[] bytes, int room) throws MalformedDirectory {
        String text = text(file, bytes);
        List<ObjectNode> rows = new ArrayList<>();
        try (MappingIterator<Map<String, String>> lines = CSV.readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(text.startsWith("\uFEFF") ? text.substring(1) : text)) {
            while (lines.hasNextValue()) {
                if (rows.size() >= room) {
                    throw malformed("", "import.package-too-large");
                }
                ObjectNode row = JSON.objectNode();
                lines.nextValue().forEach((field, value) -> {
                    if (value != null && !value.isEmpty()) {
                        row.set(field, cell(field, value));
                    }
                });
                rows.add(row);
            }
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw malformed(RecordReader.shortened(file), "import.not-csv", Integer.toString(line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    /** What is called a table and is a picture, a program or in another encoding is refused before it is read as one. */
    private static String text(String file, byte[] bytes) throws MalformedDirectory {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t')) {
                return text;
            }
        } catch (CharacterCodingException notText) {
            // said below
        }
        throw malformed(RecordReader.shortened(file), "import.not-csv", "1");
    }

    /** What is no number, and neither true nor false, stays text for {@link HsdsReader} to refuse. */
    private static JsonNode cell(String field, String value) {
        if (field.equals("confidential") && (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false"))) {
            return JSON.booleanNode(value.equalsIgnoreCase("true"));
        }
        if (NUMBERS.contains(field)) {
            try {
                return JSON.numberNode(Double.parseDouble(value));
            } catch (NumberFormatException text) {
                return JSON.textNode(value);
            }
        }
        return JSON.textNode(value);
    }

    private static MalformedDirectory malformed(String file, String code, String... args) {
        return new MalformedDirectory(List.of(new Fault(file, "", code, List.of(args))));
    }

    /** @param document as {@link HsdsWriter} writes it */
    public static byte[] write(ObjectNode document) {
        Map<String, List<ObjectNode>> tables = new LinkedHashMap<>();
        TOP.forEach(table -> tables.put(table, new ArrayList<>()));
        for (String table : TOP) {
            document.path(table).forEach(record -> flatten(tables, table, (ObjectNode) record));
        }
        var bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
            ArrayNode resources = JSON.arrayNode();
            for (Map.Entry<String, List<ObjectNode>> table : tables.entrySet()) {
                Set<String> columns = new LinkedHashSet<>();
                table.getValue().forEach(row -> row.fieldNames().forEachRemaining(columns::add));
                if (columns.isEmpty()) {
                    continue;
                }
                put(zip, table.getKey() + ".csv", csv(table.getValue(), columns));
                resources.add(resource(table.getKey(), columns));
            }
            ObjectNode descriptor = JSON.objectNode()
                    .put("name", "human_services_data")
                    .put("title", "Directory of services, Open Referral HSDS 3");
            descriptor.set("resources", resources);
            put(zip, "datapackage.json", descriptor.toPrettyString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        // The same directory gives the same bytes.
        entry.setTimeLocal(LocalDateTime.of(2000, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    private static byte[] csv(List<ObjectNode> rows, Set<String> columns) throws IOException {
        CsvSchema.Builder schema = CsvSchema.builder();
        columns.forEach(schema::addColumn);
        return CSV.writer(schema.build().withHeader()).writeValueAsBytes(rows);
    }

    private static ObjectNode resource(String table, Set<String> columns) {
        ObjectNode resource = JSON.objectNode()
                .put("name", table)
                .put("path", table + ".csv")
                .put("format", "csv")
                .put("encoding", "utf-8");
        ArrayNode fields = resource.putObject("schema").putArray("fields");
        columns.forEach(column ->
                fields.addObject().put("name", column).put("type", NUMBERS.contains(column) ? "number" : "string"));
        return resource;
    }

    private static void flatten(Map<String, List<ObjectNode>> tables, String table, ObjectNode record) {
        ObjectNode row = JSON.objectNode();
        record.properties().forEach(field -> {
            if (field.getValue().isValueNode()) {
                row.set(field.getKey(), field.getValue());
            }
        });
        rows(tables, table).add(row);
        String key = table.substring(0, table.length() - 1) + "_id";
        NESTED.forEach((nested, field) -> record.path(field).forEach(one -> {
            ObjectNode child = ((ObjectNode) one).deepCopy();
            child.set(key, record.get("id"));
            JsonNode unit = child.remove("unit");
            if (unit != null) {
                child.put(
                        "unit_id",
                        known(
                                tables,
                                "units",
                                (ObjectNode) unit,
                                unit.path("name").asText()));
            }
            rows(tables, nested).add(child);
        }));
        record.path("attributes").forEach(one -> {
            ObjectNode term = (ObjectNode) one.path("taxonomy_term");
            String named =
                    term.path("taxonomy").asText() + "/" + term.path("code").asText();
            rows(tables, "attributes")
                    .add(JSON.objectNode()
                            .put("id", one.path("id").asText())
                            .put("link_id", record.path("id").asText())
                            .put("taxonomy_term_id", known(tables, "taxonomy_terms", term, named))
                            .put("link_entity", table.substring(0, table.length() - 1)));
        });
    }

    /** The id of a row that others share. */
    private static String known(Map<String, List<ObjectNode>> tables, String table, ObjectNode values, String named) {
        String id = UUID.nameUUIDFromBytes((table + "/" + named).getBytes(StandardCharsets.UTF_8))
                .toString();
        List<ObjectNode> rows = rows(tables, table);
        if (rows.stream().noneMatch(row -> row.path("id").asText().equals(id))) {
            ObjectNode row = JSON.objectNode().put("id", id);
            row.setAll(values);
            rows.add(row);
        }
        return id;
    }

    private static List<ObjectNode> rows(Map<String, List<ObjectNode>> tables, String table) {
        return tables.computeIfAbsent(table, none -> new ArrayList<>());
    }
}
