package org.passerelle.reporting.language;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fr-FR,fr;q=0.9,en;q=0.8 | FRENCH",
                "es-EC,es;q=0.9          | SPANISH",
                "en-GB                   | ENGLISH",
                "rn,fr;q=0.5             | FRENCH",
                "de,en;q=0.3,es;q=0.2    | ENGLISH",
                "de                      | FRENCH",
                "*                       | FRENCH",
                ";;not a header          | FRENCH"
            })
    void the_readers_best_language_of_the_three_is_taken(String header, Language expected) {
        assertThat(Language.accepted(header)).isEqualTo(expected);
    }

    @Test
    void french_is_the_default() {
        assertThat(Language.accepted(null)).isEqualTo(Language.FRENCH);
        assertThat(Language.accepted("en,".repeat(400))).isEqualTo(Language.FRENCH);
    }
}
