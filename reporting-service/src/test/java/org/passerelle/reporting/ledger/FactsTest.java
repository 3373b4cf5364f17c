package org.passerelle.reporting.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FactsTest {
    static Iterable<String> types() {
        return Facts.types().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("types")
    void every_example_of_the_contracts_reads(String type) throws IOException {
        assertThat(Facts.read(type, example(type))).isNotInstanceOf(Fact.Untold.class);
    }

    @Test
    void a_type_of_a_later_version_is_kept_without_being_understood() {
        assertThat(Facts.read("passerelle.referral.referral-sealed.v7", "{\"by\":1}"))
                .isEqualTo(new Fact.Untold("passerelle.referral.referral-sealed.v7"));
    }

    @Test
    void fields_that_the_reports_do_not_use_are_passed_over() {
        assertThat(Facts.read("passerelle.identification.victim-presumed.v1", "{\"decidedBy\":\"NGO\",\"more\":{}}"))
                .isEqualTo(new Fact.VictimPresumed("NGO"));
    }

    @Test
    void a_missing_field_is_told_by_name_and_without_the_data() {
        assertThatThrownBy(() -> Facts.read(
                        "passerelle.identification.case-detected.v1",
                        "{\"ownerOrganisation\":\"secret\",\"foundAt\":\"2026-11-20T10:00:00Z\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lacks place")
                .hasMessageNotContaining("secret");
    }

    @Test
    void a_field_of_another_kind_does_not_read() {
        assertThatThrownBy(() -> Facts.read(
                        "passerelle.identification.screened.v1",
                        "{\"screeningId\":\"s\",\"instrument\":\"i\",\"instrumentVersion\":\"secret\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    private static String example(String type) throws IOException {
        String[] parts = type.split("\\.", 3);
        String path = "contracts/" + parts[1] + "/" + parts[2] + ".example.json";
        try (InputStream example = Facts.class.getClassLoader().getResourceAsStream(path)) {
            assertThat(example).as(path).isNotNull();
            return new String(example.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
