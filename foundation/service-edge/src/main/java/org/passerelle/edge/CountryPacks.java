package org.passerelle.edge;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Country packs: what a country decides of the mechanism, as data. One JSON file a country ({@code countries/EC.json}
 * among the resources, or {@code EC.json} in a folder of the operator's, which counts instead). Each service reads the
 * sections it uses, each with a record of its own; here is what they share: finding the files, and refusing one that
 * nobody would understand, at start.
 */
public final class CountryPacks {

    /** A misspelt section would silently leave the default in force. */
    private static final Set<String> SECTIONS =
            Set.of("country", "version", "needClocks", "offers", "dutyToReport", "places");

    private static final Pattern VERSION = Pattern.compile("[0-9]{4}-[0-9]{2}-[1-9][0-9]{0,3}");

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final Map<String, Pack> packs;

    private CountryPacks(Map<String, Pack> packs) {
        this.packs = packs;
    }

    /**
     * One country's.
     *
     * @param country ISO 3166-1 alpha-2
     * @param version year, month, number: said by every event that was decided under it
     */
    public record Pack(String country, String version, JsonNode content) {

        /** As events name it. */
        public String id() {
            return country + " " + version;
        }

        /**
         * @return empty where the pack says nothing of it
         * @throws IllegalStateException when it cannot be read as that
         */
        public <T> Optional<T> section(String name, Class<T> as) {
            JsonNode section = content.get(name);
            if (section == null) {
                return Optional.empty();
            }
            try {
                return Optional.of(JSON.treeToValue(section, as));
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalStateException("country pack " + id() + ": " + name + ": " + e.getMessage(), e);
            }
        }
    }

    /**
     * @param folder the operator's own; null where there is none
     * @throws IllegalStateException when a file is not a country pack
     */
    public static CountryPacks read(@Nullable Path folder) {
        Map<String, Pack> packs = new TreeMap<>();
        for (String country : Locale.getISOCountries()) {
            JsonNode content = content(folder, country);
            if (content != null) {
                packs.put(country, pack(country, content));
            }
        }
        return new CountryPacks(packs);
    }

    private static @Nullable JsonNode content(@Nullable Path folder, String country) {
        Path own = folder == null ? null : folder.resolve(country + ".json");
        try (InputStream file = own != null && Files.exists(own)
                ? Files.newInputStream(own)
                : CountryPacks.class.getResourceAsStream("/countries/" + country + ".json")) {
            return file == null ? null : JSON.readTree(file);
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new IllegalStateException("country pack " + country + " is not JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Pack pack(String country, JsonNode content) {
        for (Iterator<String> names = content.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!SECTIONS.contains(name)) {
                throw new IllegalStateException("country pack " + country + " has an unknown section: " + name);
            }
        }
        String version = content.path("version").asText();
        if (!content.path("country").asText().equals(country)
                || !VERSION.matcher(version).matches()) {
            throw new IllegalStateException(
                    "country pack " + country + " must say its country and its version (YYYY-MM-number)");
        }
        return new Pack(country, version, content);
    }

    public Map<String, Pack> all() {
        return packs;
    }
}
