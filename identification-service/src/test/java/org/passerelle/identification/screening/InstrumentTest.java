package org.passerelle.identification.screening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.identification.screening.Instrument.Rule;
import org.passerelle.identification.screening.rest.Instruments;

@Tag("screening")
class InstrumentTest {

    private static final Instrument INSTRUMENT =
            new Instruments().newest("three-element").orElseThrow();

    @Test
    void everyQuestionHasItsWordsAndGuidanceInEveryLanguage() {
        for (Instrument.Section section : INSTRUMENT.sections()) {
            for (Instrument.Question question : section.questions()) {
                for (String language : INSTRUMENT.languages()) {
                    assertThat(question.text().in(language)).as(question.code()).isNotBlank();
                    assertThat(question.guidance().in(language))
                            .as(question.code())
                            .isNotBlank();
                }
                assertThat(Set.of(
                                question.text().fr(),
                                question.text().es(),
                                question.text().en()))
                        .as(question.code())
                        .hasSize(3);
            }
        }
    }

    @Test
    void everyQuestionCountsSomewhere() {
        Set<String> used = new HashSet<>(INSTRUMENT.ageDoubts());
        INSTRUMENT.elements().forEach(element -> used.addAll(element.weights().keySet()));
        INSTRUMENT.urgentRisks().forEach(risk -> used.add(risk.question()));
        assertThat(used).isEqualTo(INSTRUMENT.questionCodes());
    }

    @Test
    void aRuleAboutAnElementThatIsNotThereIsRefused() {
        Rule broken = new Rule(
                "BROKEN", Label.GBV, null, Instrument.AppliesTo.ANYONE, List.of("NOWHERE"), INSTRUMENT.title());
        List<Rule> rules = new ArrayList<>(INSTRUMENT.rules());
        rules.add(broken);
        assertThatThrownBy(() -> new Instrument(
                        INSTRUMENT.id(),
                        INSTRUMENT.version(),
                        INSTRUMENT.title(),
                        INSTRUMENT.source(),
                        INSTRUMENT.introduction(),
                        INSTRUMENT.languages(),
                        INSTRUMENT.answers(),
                        INSTRUMENT.sections(),
                        INSTRUMENT.elements(),
                        rules,
                        INSTRUMENT.ageDoubts(),
                        INSTRUMENT.urgentRisks(),
                        INSTRUMENT.explanations()))
                .hasMessageContaining("NOWHERE");
    }
}
