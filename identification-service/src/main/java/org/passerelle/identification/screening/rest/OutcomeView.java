package org.passerelle.identification.screening.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.screening.Assessment;
import org.passerelle.identification.screening.Assessment.ElementTrace;
import org.passerelle.identification.screening.Assessment.Outcome;
import org.passerelle.identification.screening.Assessment.RuleTrace;
import org.passerelle.identification.screening.Explanation;
import org.passerelle.identification.screening.Instrument;
import org.passerelle.identification.screening.Label;
import org.passerelle.identification.screening.Verdict;

/**
 * The outcome of one label, and why.
 *
 * @param trace every rule of the label, with its sentence; left out for authorities
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OutcomeView(
        Outcome outcome, @Nullable String type, @Nullable List<RuleView> trace) {

    /** What became of a rule. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RuleView(
            String rule,
            Verdict verdict,
            List<ElementTrace> elements,
            @Nullable String text) {}

    /**
     * @param instrument that gave the assessment, for the words
     * @param authority the reader is police or immigration: only what is indicated is shown, since from "insufficient"
     *     beside nothing they could tell what was not indicated
     */
    public static Map<Label, OutcomeView> of(
            Assessment assessment, Optional<Instrument> instrument, String language, boolean authority) {
        Map<Label, OutcomeView> shown = new EnumMap<>(Label.class);
        assessment.outcomes().forEach((label, outcome) -> {
            if (!authority) {
                List<RuleView> trace = outcome.trace().stream()
                        .map(rule -> view(rule, instrument, language))
                        .toList();
                shown.put(label, new OutcomeView(outcome.outcome(), outcome.type(), trace));
            } else if (outcome.outcome() == Outcome.INDICATED) {
                shown.put(label, new OutcomeView(outcome.outcome(), outcome.type(), null));
            }
        });
        return shown;
    }

    private static RuleView view(RuleTrace rule, Optional<Instrument> instrument, String language) {
        return new RuleView(
                rule.rule(),
                rule.verdict(),
                rule.elements(),
                instrument.map(words -> Explanation.of(words, rule, language)).orElse(null));
    }
}
