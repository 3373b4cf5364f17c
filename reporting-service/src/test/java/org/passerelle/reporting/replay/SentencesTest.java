package org.passerelle.reporting.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.reporting.ToldCase;
import org.passerelle.reporting.language.Language;
import org.passerelle.reporting.ledger.Facts;

class SentencesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private final Sentences sentences = new Sentences(ZoneId.of("Africa/Bujumbura"));

    @ParameterizedTest
    @EnumSource
    void every_public_event_is_said_with_no_code_left_in_it(Language language) throws IOException {
        for (String type : Facts.types()) {
            String sentence = sentences.sentence(Facts.read(type, resource(type, "example")), language);
            assertThat(sentence)
                    .as(type)
                    .isNotBlank()
                    .endsWith(".")
                    .doesNotContain("{", "_", "SAFE_SHELTER", "'")
                    .doesNotContainPattern("[0-9a-f]{8}-[0-9a-f]{4}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_code_of_the_contracts_has_a_word(Language language) throws IOException {
        List<String> wordless = new ArrayList<>();
        for (String type : Facts.types()) {
            JsonNode properties = JSON.readTree(resource(type, "schema")).path("properties");
            check(wordless, "service", properties.path("service"), language);
            check(wordless, "urgency", properties.path("urgency"), language);
            check(wordless, "decider", properties.path("decidedBy"), language);
            check(wordless, "scope", properties.path("scopes").path("items"), language);
            check(wordless, reasonKind(type), properties.path("reason"), language);
            check(wordless, "step", properties.path("step"), language);
            check(wordless, "review", properties.path("finding"), language);
            check(wordless, type.contains("follow-up") ? "follow-up" : "outcome", properties.path("outcome"), language);
        }
        assertThat(wordless).isEmpty();
    }

    @Test
    void the_timeline_tells_who_what_and_when_in_the_readers_language() {
        ToldCase told = ToldCase.wholeRoad("4829-1370-6158", Instant.parse("2026-11-20T10:00:00Z"));

        Timeline timeline = Timeline.of(told.code(), told.entries().reversed(), Language.FRENCH, sentences);

        assertThat(timeline.entries()).hasSize(20);
        assertThat(timeline.entries().getFirst().what())
                .isEqualTo("Une personne a été trouvée (BI-BM, le 20 novembre 2026 à 12:00) ; un dossier est ouvert.");
        assertThat(timeline.entries().get(7)).satisfies(line -> {
            assertThat(line.what()).isEqualTo("Le prestataire a refusé : pas de place. La recherche continue.");
            assertThat(line.organisation()).isEqualTo(ToldCase.CLINIC);
            assertThat(line.service()).isEqualTo("referral");
        });
        assertThat(timeline.entries().getLast().organisation())
                .as("an event that names nobody is the owner's")
                .isEqualTo(ToldCase.OWNER);
    }

    private static String reasonKind(String type) {
        return switch (type.split("\\.")[2]) {
            case "offer-declined" -> "decline";
            case "offer-withdrawn" -> "withdrawal";
            case "case-worker-task-raised" -> "task";
            case "referral-cancelled" -> "cancellation";
            case "service-ended" -> "ending";
            case "person-erased" -> "erasure";
            default -> "closure";
        };
    }

    private void check(List<String> wordless, String kind, JsonNode property, Language language) {
        property.path("enum").forEach(code -> {
            if (!sentences.knows(kind, code.textValue(), language)) {
                wordless.add(language.code() + " " + kind + "." + code.textValue());
            }
        });
    }

    private static String resource(String type, String kind) throws IOException {
        String[] parts = type.split("\\.", 3);
        String path = "contracts/" + parts[1] + "/" + parts[2] + "." + kind + ".json";
        try (InputStream stream = Facts.class.getClassLoader().getResourceAsStream(path)) {
            assertThat(stream).as(path).isNotNull();
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
