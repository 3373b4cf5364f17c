package org.passerelle.eventsourcing.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.NewEvent;
import org.passerelle.eventsourcing.sealing.Sealed;

/**
 * Every version of every event that was ever stored has a golden file, {@code golden/<name>.v<version>.json}, which every
 * later release must read. A golden file is never changed: a new version gets a new one, and an upcaster.
 */
public final class GoldenFiles {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    /** @param directory of a module's test resources: {@code src/test/resources/golden} */
    public GoldenFiles(Path directory) {
        this.directory = directory;
    }

    public GoldenFiles() {
        this(Path.of("src", "test", "resources", "golden"));
    }

    /** All versions are read, and today's events are still written as their newest file says. */
    public <E> void areRead(EventTypes<E> types) throws IOException {
        for (Map.Entry<String, Integer> type : types.current().entrySet()) {
            for (int version = 1; version <= type.getValue(); version++) {
                E event = read(types, type.getKey(), version);
                if (version == type.getValue()) {
                    assertThat(JSON.readTree(types.encode(event).data()))
                            .as("%s is still written the same: a change needs a new version", type.getKey())
                            .isEqualTo(
                                    JSON.readTree(file(type.getKey(), version).toFile()));
                    readErased(types, event);
                }
            }
        }
    }

    /**
     * The newest files still mean the same.
     *
     * @param examples one of every type, whose golden file it is
     */
    public <E> void mean(EventTypes<E> types, List<E> examples) throws IOException {
        areRead(types);
        assertThat(examples.stream().map(example -> types.encode(example).type()))
                .as("an example of every type")
                .containsExactlyInAnyOrderElementsOf(types.current().keySet());
        for (E example : examples) {
            NewEvent stored = types.encode(example);
            assertThat(read(types, stored.type(), stored.schemaVersion()))
                    .as("%s still means the same", stored.type())
                    .isEqualTo(example);
        }
    }

    /** No file is of a type or version that nobody reads any more. */
    public void areAllOf(EventTypes<?>... types) throws IOException {
        TreeSet<String> expected = Arrays.stream(types)
                .flatMap(some -> some.current().entrySet().stream())
                .flatMap(type -> java.util.stream.IntStream.rangeClosed(1, type.getValue())
                        .mapToObj(version -> name(type.getKey(), version)))
                .collect(Collectors.toCollection(TreeSet::new));
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    public <E> E read(EventTypes<E> types, String type, int version) throws IOException {
        return types.decode(type, version, Files.readAllBytes(file(type, version)));
    }

    /** What is read of an event once its person is erased: it must not stop a replay. */
    public <E> E readErased(EventTypes<E> types, E event) {
        NewEvent plain = types.encode(event);
        NewEvent.Unsealed unsealed = plain.unsealed();
        return unsealed == null
                ? event
                : types.decode(
                        plain.type(),
                        plain.schemaVersion(),
                        new Sealed.Plain(plain.data(), unsealed.fields()).erased(new Sealed.Home("", plain.type())));
    }

    private Path file(String type, int version) {
        Path file = directory.resolve(name(type, version));
        assertThat(file).as("golden file").isRegularFile();
        return file;
    }

    private static String name(String type, int version) {
        return type + ".v" + version + ".json";
    }
}
