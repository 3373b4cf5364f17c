package org.passerelle.chart;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** One chart of this folder, by its name. */
record Chart(String name) {

    static final Chart SERVICES = new Chart("passerelle");
    static final Chart BACKENDS = new Chart("passerelle-backends");

    /** A repeated key in YAML silently wins over the first one elsewhere; here it is an error. */
    static final ObjectMapper YAML = new ObjectMapper(
                    YAMLFactory.builder().loaderOptions(noDuplicates()).build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private static LoaderOptions noDuplicates() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return options;
    }

    private static final String HOOK = "helm.sh/hook";
    private static final String HELD_HOOK = "held.passerelle.org/hook";

    private Path folder() {
        return Path.of(Objects.requireNonNull(System.getProperty("passerelle.root"), "passerelle.root"))
                .resolve("deploy/helm")
                .resolve(name);
    }

    /** Helm's strict lint of the chart with its own values. */
    LintResult lint() {
        return new Helm(folder()).lint().strict().call();
    }

    /** Helm's strict lint of the chart as it would be with these values as its own. */
    LintResult lint(String valuesFile, Path scratch) {
        Path copy = copyTo(scratch, UnaryOperator.identity());
        try {
            ObjectNode merged = settings(folder().resolve("values.yaml"));
            merge(merged, settings(values(valuesFile)));
            YAML.writeValue(copy.resolve("values.yaml").toFile(), merged);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Helm(copy).lint().strict().call();
    }

    /** All objects of a release named nrm in namespace protection; fails as {@code helm template} would. */
    Rendered render(String... valuesFiles) {
        return render(Map.of(), valuesFiles);
    }

    /** As {@link #render(String...)}, with single settings on top ({@code --set}). */
    Rendered render(Map<String, Object> settings, String... valuesFiles) {
        Path scratch = temporaryFolder();
        try {
            // The library renders no hooks. Under another name they are ordinary objects, and get theirs back below.
            Path copy = copyTo(scratch, text -> text.replace(HOOK, HELD_HOOK));
            var template = new Helm(copy)
                    .template()
                    .withName("nrm")
                    .withNamespace("protection")
                    .withKubeVersion("1.33.0");
            for (String file : valuesFiles) {
                template = template.withValuesFile(values(file));
            }
            for (var setting : settings.entrySet()) {
                template = template.set(setting.getKey(), setting.getValue());
            }
            return Rendered.parse(template.call().replace(HELD_HOOK, HOOK));
        } finally {
            delete(scratch);
        }
    }

    private Path copyTo(Path scratch, UnaryOperator<String> change) {
        Path copy = scratch.resolve(name);
        try (Stream<Path> files = Files.walk(folder())) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(folder().relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.writeString(target, change.apply(Files.readString(file)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("chart");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With anchors followed, which a tree reader alone does not. */
    private static ObjectNode settings(Path file) throws IOException {
        try (var reader = Files.newBufferedReader(file)) {
            Object loaded = new Yaml(noDuplicates()).load(reader);
            return YAML.valueToTree(loaded);
        }
    }

    private static Path values(String file) {
        try {
            return Path.of(Objects.requireNonNull(Chart.class.getResource("/values/" + file), file)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** As Helm merges values: maps key by key, everything else replaced. */
    private static void merge(ObjectNode base, ObjectNode over) {
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(over.properties());
        for (var entry : entries) {
            if (base.get(entry.getKey()) instanceof ObjectNode below && entry.getValue() instanceof ObjectNode above) {
                merge(below, above);
            } else {
                base.set(entry.getKey(), entry.getValue());
            }
        }
    }
}
