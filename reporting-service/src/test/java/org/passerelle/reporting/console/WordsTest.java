package org.passerelle.reporting.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.edge.Role;
import org.passerelle.reporting.funnel.Stage;
import org.passerelle.reporting.language.Language;
import org.passerelle.reporting.outcomes.Register;

class WordsTest {
    private static final Pattern SAID = Pattern.compile("say\\('([^']+)'");
    private static final Pattern SAID_IN_JAVA = Pattern.compile("say\\(\"([^\"]+)\"");

    @Test
    void the_three_languages_say_the_same_things() {
        assertThat(keys(Language.SPANISH)).isEqualTo(keys(Language.FRENCH));
        assertThat(keys(Language.ENGLISH)).isEqualTo(keys(Language.FRENCH));
    }

    @Test
    void everything_that_the_pages_say_has_words() throws IOException {
        Set<String> said = new TreeSet<>();
        said.addAll(found(Path.of("src/main/resources/templates"), SAID));
        said.addAll(found(Path.of("src/main/java/org/passerelle/reporting/console"), SAID_IN_JAVA));

        assertThat(said).isNotEmpty().isSubsetOf(keys(Language.FRENCH));
    }

    @ParameterizedTest
    @EnumSource
    void every_stage_and_every_role_has_words(Language language) {
        Words words = Words.in(language);
        for (Stage stage : Stage.values()) {
            assertThat(words.word("stage", stage.code())).isNotEqualTo(stage.code());
            assertThat(words.word("stage-short", stage.code())).isNotEqualTo(stage.code());
            assertThat(words.word("stage-means", stage.code())).isNotEqualTo(stage.code());
        }
        for (Register register : Register.values()) {
            assertThat(words.word("register", register.code())).isNotEqualTo(register.code());
            for (String step : register.steps()) {
                assertThat(words.word("outcome", step)).isNotEqualTo(step);
            }
        }
        for (Role role : Role.values()) {
            assertThat(words.word("role", role.code())).isNotEqualTo(role.code());
            assertThat(words.word("role-does", role.code())).isNotEqualTo(role.code());
        }
    }

    @Test
    void months_numbers_and_shares_are_written_as_the_reader_writes_them() {
        YearMonth month = YearMonth.of(2026, 11);
        assertThat(Words.in(Language.FRENCH).month(month)).isEqualTo("novembre 2026");
        assertThat(Words.in(Language.SPANISH).month(month)).isEqualTo("noviembre de 2026");
        assertThat(Words.in(Language.ENGLISH).number(12345)).isEqualTo("12,345");
        assertThat(Words.in(Language.ENGLISH).share(1, 2)).isEqualTo("50%");
        assertThat(Words.in(Language.ENGLISH).share(0, 0)).isEqualTo("–");
        assertThat(Words.in(Language.FRENCH).country("BI")).isEqualTo("Burundi");
    }

    private static Set<String> found(Path folder, Pattern pattern) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .flatMap(file -> pattern.matcher(content(file)).results())
                    .map((MatchResult match) -> match.group(1))
                    .collect(Collectors.toSet());
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> keys(Language language) {
        Path file = Path.of(
                "src/main/resources/org/passerelle/reporting/console/console_%s.properties".formatted(language.code()));
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TreeSet<>(properties.stringPropertyNames());
    }
}
