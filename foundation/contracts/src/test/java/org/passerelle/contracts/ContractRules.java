package org.passerelle.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The rules that every folder of public events keeps. Each answers with sentences, one for each breach. */
final class ContractRules {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final Pattern FILE =
            Pattern.compile("(?<service>[a-z]+)/(?<event>[a-z]+(-[a-z]+)*)\\.v(?<version>[1-9][0-9]*)\\.schema\\.json");

    /** Words that, anywhere in a field's name, suggest that the field says who somebody is, where, or how it was. */
    private static final Set<String> PERSONAL = Set.of(
            "name",
            "names",
            "surname",
            "alias",
            "nickname",
            "initials",
            "given",
            "family",
            "maiden",
            "phone",
            "telephone",
            "mobile",
            "msisdn",
            "email",
            "mail",
            "contact",
            "contacts",
            "address",
            "street",
            "exact",
            "latitude",
            "longitude",
            "coordinates",
            "gps",
            "birth",
            "birthdate",
            "birthday",
            "dob",
            "born",
            "account",
            "story",
            "narrative",
            "testimony",
            "note",
            "notes",
            "text",
            "comment",
            "comments",
            "remark",
            "remarks",
            "message",
            "description",
            "details",
            "grounds",
            "answers",
            "answer",
            "passport",
            "document",
            "documents",
            "identity",
            "photo",
            "picture",
            "image",
            "audio",
            "voice",
            "fingerprint",
            "biometric",
            "signature",
            "mother",
            "father",
            "parent",
            "parents",
            "spouse",
            "husband",
            "wife",
            "guardian",
            "caregiver",
            "sibling",
            "siblings",
            "religion",
            "ethnicity",
            "diagnosis",
            "disability",
            "pregnant",
            "hiv",
            "health");

    /** {@code answerBy} is a clock, not an answer. */
    private static final Set<String> HARMLESS = Set.of("answerBy");

    private final Path folder;
    private final TreeMap<String, JsonNode> schemas = new TreeMap<>();

    ContractRules(Path folder) {
        this.folder = folder;
        try (var files = Files.walk(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".schema.json")).toList()) {
                schemas.put(relative(file), JSON.readTree(file.toFile()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<String> schemas() {
        return schemas.keySet();
    }

    /** A file's place says its service, its event and its version, and its title and id say the same. */
    List<String> everySchemaIsNamedAsItsEvent() {
        var breaches = new ArrayList<String>();
        schemas.forEach((path, schema) -> {
            var file = FILE.matcher(path);
            if (!file.matches()) {
                breaches.add(path + " is not <service>/<event>.v<n>.schema.json");
                return;
            }
            var title =
                    "passerelle.%s.%s.v%s".formatted(file.group("service"), file.group("event"), file.group("version"));
            if (!schema.path("title").asText().equals(title)) {
                breaches.add(path + " should have the title " + title);
            }
            var id = "urn:passerelle:contracts:%s:%s:v%s"
                    .formatted(file.group("service"), file.group("event"), file.group("version"));
            if (!schema.path("$id").asText().equals(id)) {
                breaches.add(path + " should have the $id " + id);
            }
        });
        return breaches;
    }

    List<String> everySchemaHasAnExampleThatFollowsIt() {
        var breaches = new ArrayList<String>();
        schemas.forEach((path, schema) -> {
            var example = folder.resolve(path.replace(".schema.json", ".example.json"));
            if (!Files.exists(example)) {
                breaches.add(path + " has no example");
                return;
            }
            SCHEMAS.getSchema(schema, PublishedEvents.strictly())
                    .validate(read(example), InputFormat.JSON)
                    .forEach(message -> breaches.add(relative(example) + ": " + message.getMessage()));
        });
        return breaches;
    }

    /** An open schema lets a field pass that nobody looked at; a field without words is one nobody understands. */
    List<String> everyObjectIsClosedAndEveryFieldExplained() {
        var breaches = new ArrayList<String>();
        schemas.forEach((path, schema) -> closedAndExplained(path, schema, breaches));
        return breaches;
    }

    private static void closedAndExplained(String where, JsonNode schema, List<String> breaches) {
        if (schema.path("description").asText().isBlank()) {
            breaches.add(where + " has no description");
        }
        if (!schema.has("properties")) {
            return;
        }
        if (!schema.path("additionalProperties").isBoolean()
                || schema.path("additionalProperties").asBoolean()) {
            breaches.add(where + " lets unknown fields in");
        }
        schema.get("properties")
                .properties()
                .forEach(field -> closedAndExplained(where + "#" + field.getKey(), field.getValue(), breaches));
    }

    List<String> noFieldSuggestsPersonalData() {
        var breaches = new ArrayList<String>();
        schemas.forEach((path, schema) -> personal(path, schema, breaches));
        return breaches;
    }

    private static void personal(String path, JsonNode schema, List<String> breaches) {
        schema.path("properties").fieldNames().forEachRemaining(field -> {
            if (suggestsPersonalData(field)) {
                breaches.add(path + " has the field " + field + ", which suggests personal data");
            }
        });
        schema.forEach(inner -> personal(path, inner, breaches));
    }

    static boolean suggestsPersonalData(String field) {
        if (HARMLESS.contains(field)) {
            return false;
        }
        for (String word : field.split("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")) {
            if (PERSONAL.contains(word.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    /** Text without a bound of its form (code, id, time, pattern) is free text, and free text can name somebody. */
    List<String> noTextIsFree() {
        var breaches = new ArrayList<String>();
        schemas.forEach((path, schema) -> free(path, schema, breaches));
        return breaches;
    }

    private static void free(String where, JsonNode schema, List<String> breaches) {
        var text = false;
        for (JsonNode type : schema.path("type").isArray() ? schema.get("type") : List.of(schema.path("type"))) {
            text |= type.asText().equals("string");
        }
        if (text && !schema.has("enum") && !schema.has("const") && !schema.has("format") && !schema.has("pattern")) {
            breaches.add(where + " is free text");
        }
        schema.path("properties")
                .properties()
                .forEach(field -> free(where + "#" + field.getKey(), field.getValue(), breaches));
        if (schema.has("items")) {
            free(where + "[]", schema.get("items"), breaches);
        }
    }

    /** Every schema is the payload of one message of that name, on its service's topic; nothing else is referenced. */
    List<String> theAsyncApiDocumentAndTheSchemasAgree() {
        var breaches = new ArrayList<String>();
        JsonNode document;
        try {
            document = YAML.readTree(folder.resolve("asyncapi.yaml").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var referenced = new TreeSet<String>();
        document.at("/components/messages").properties().forEach(entry -> {
            var message = entry.getValue();
            var path = message.at("/payload/schema/$ref").asText().replaceFirst("^\\./", "");
            referenced.add(path);
            var schema = schemas.get(path);
            if (schema == null) {
                breaches.add("asyncapi.yaml refers to " + path + ", which does not exist");
                return;
            }
            var title = schema.path("title").asText();
            if (!message.path("name").asText().equals(title)
                    || !entry.getKey().equals(title.replaceFirst("^passerelle\\.", ""))) {
                breaches.add("asyncapi.yaml calls the message of " + path + " " + entry.getKey());
            }
            var service = path.substring(0, path.indexOf('/'));
            var channel = document.path("channels").path(service);
            if (!channel.path("address").asText().equals("passerelle." + service)
                    || !channel.path("messages")
                            .path(entry.getKey())
                            .path("$ref")
                            .asText()
                            .equals("#/components/messages/" + entry.getKey())) {
                breaches.add("asyncapi.yaml does not list " + entry.getKey() + " on the topic of its service");
            }
        });
        for (String path : schemas.keySet()) {
            if (!referenced.contains(path)) {
                breaches.add("asyncapi.yaml does not refer to " + path);
            }
        }
        for (JsonNode reference : document.findValues("$ref")) {
            var target = reference.asText();
            if (target.startsWith("#") && document.at(target.substring(1)).isMissingNode()) {
                breaches.add("asyncapi.yaml refers to " + target + ", which it does not define");
            }
        }
        return breaches;
    }

    private String relative(Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
