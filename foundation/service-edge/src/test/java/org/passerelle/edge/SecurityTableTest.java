package org.passerelle.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of {@code docs/security/asvs.md} leaves no requirement out and names nothing that is not there. */
class SecurityTableTest {

    private static final Path ROOT = Path.of("../..");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (V\\d+\\.\\d+\\.\\d+) \\| ([123]) \\| ([^|]+) \\| ([^|]+) \\| ([^|]*) \\|$");
    private static final Pattern NAMED = Pattern.compile("`([^`]+)`");
    private static final Set<String> STANDINGS = Set.of("met", "in part", "not met", "operator", "does not apply");

    @Test
    void everyRequirementOfLevelsOneAndTwoHasARow() throws IOException {
        Map<String, String> levels = new TreeMap<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/security/asvs-5.0.csv"))) {
            if (line.startsWith("V")) {
                levels.put(line.split(",")[0], line.split(",")[1]);
            }
        }
        assertThat(levels.values().stream().collect(Collectors.groupingBy(level -> level, Collectors.counting())))
                .isEqualTo(Map.of("1", 70L, "2", 183L, "3", 92L));
        List<MatchResult> rows = rows();
        assertThat(rows.stream().map(row -> row.group(1))).doesNotHaveDuplicates();
        for (MatchResult row : rows) {
            assertThat(levels).containsEntry(row.group(1), row.group(2));
            assertThat(STANDINGS).contains(row.group(4));
        }
        levels.entrySet().removeIf(requirement -> requirement.getValue().equals("3"));
        assertThat(rows.stream().map(row -> row.group(1))).containsAll(levels.keySet());
    }

    @Test
    void everyTestAndFileThatItNamesIsThere() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Files.walk(ROOT)) {
            classes = files.map(Path::toString)
                    .filter(file -> file.endsWith("Test.java") && file.contains("src/test"))
                    .map(file -> file.replaceFirst(".*/", "").replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        List<String> missing = new ArrayList<>();
        int tests = 0;
        for (MatchResult row : rows()) {
            for (Matcher named = NAMED.matcher(row.group(5)); named.find(); ) {
                String name = named.group(1);
                tests += name.endsWith("Test") ? 1 : 0;
                boolean there = name.endsWith("Test")
                        ? classes.contains(name)
                        : name.length() == 1 || !name.contains("/") || Files.exists(ROOT.resolve(name));
                if (!there) {
                    missing.add(row.group(1) + " names " + name);
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(tests).isGreaterThan(100);
    }

    /** A rule that nobody can be refused by is none. */
    @Test
    void everyRuleOfCombinationsHasATextOfItsRefusal() throws IOException {
        String texts;
        try (Stream<Path> files = Files.walk(ROOT)) {
            texts = files.filter(file -> file.toString().contains("src/main")
                            && file.toString().endsWith("problems_en.properties"))
                    .map(SecurityTableTest::text)
                    .collect(Collectors.joining("\n"));
        }
        List<String> codes = Pattern.compile("(?m)^\\|[^|]+\\|([^|]+)\\|[^|]+\\|$")
                .matcher(Files.readString(ROOT.resolve("docs/security/combinations.md")))
                .results()
                .flatMap(row -> NAMED.matcher(row.group(1)).results())
                .map(code -> code.group(1))
                .toList();
        assertThat(codes).hasSizeGreaterThan(25).doesNotHaveDuplicates();
        assertThat(codes).allSatisfy(code -> assertThat(texts).containsPattern("(?m)^" + code + "="));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(ROOT.resolve("docs/security/asvs.md")))
                .results()
                .toList();
    }
}
