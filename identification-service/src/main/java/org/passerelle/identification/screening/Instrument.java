package org.passerelle.identification.screening;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A screening instrument, which is data: what to ask, how to ask it, and which answers mean what. An instrument that was
 * ever used stays available in that version, so that an old screening can be explained for ever.
 *
 * @param source what it is built from
 * @param languages ISO 639-1, the first is the default
 * @param ageDoubts questions whose yes makes the age doubtful, and so the person a child
 * @param explanations sentences that put a rule's verdict into words, with {@code {elements}} where they name elements
 */
public record Instrument(
        String id,
        int version,
        Text title,
        Text source,
        Text introduction,
        List<String> languages,
        List<Answer> answers,
        List<Section> sections,
        List<Element> elements,
        List<Rule> rules,
        List<String> ageDoubts,
        List<RiskQuestion> urgentRisks,
        Map<Verdict, Text> explanations) {

    /** The same words in each language of the users. */
    public record Text(String fr, String es, String en) {

        public Text {
            Objects.requireNonNull(fr, "fr");
            Objects.requireNonNull(es, "es");
            Objects.requireNonNull(en, "en");
        }

        /** In the language asked for, else in French, the first language of the users. */
        public String in(String language) {
            return switch (language) {
                case "es" -> es;
                case "en" -> en;
                default -> fr;
            };
        }
    }

    /** Questions that belong together on a page. */
    public record Section(String code, Text title, Text guidance, List<Question> questions) {}

    /** One question, and beside it how to ask it and what a yes looks like. */
    public record Question(String code, Text text, Text guidance) {}

    /**
     * Something a rule needs to be shown. Present from {@code threshold} points on, each yes counting its weight: so one
     * weak indicator alone does not decide, and yet is never taken for a no.
     */
    public record Element(String code, Text name, int threshold, Map<String, Integer> weights) {}

    /**
     * A label is indicated when every required element of one of its rules is present.
     *
     * @param type what the label is called more exactly when this rule is met; the first met rule wins, so rules are
     *     listed from the most specific on
     */
    public record Rule(
            String id, Label label, @Nullable String type, AppliesTo appliesTo, List<String> requires, Text name) {}

    /** For whom a rule is meant. */
    public enum AppliesTo {
        @JsonProperty("anyone")
        ANYONE,
        @JsonProperty("adult")
        ADULT,
        @JsonProperty("child")
        CHILD;

        boolean covers(boolean child) {
            return switch (this) {
                case ANYONE -> true;
                case ADULT -> !child;
                case CHILD -> child;
            };
        }
    }

    /** A question whose yes is an urgent risk. */
    public record RiskQuestion(String question, UrgentRisk risk) {}

    /** @throws IllegalArgumentException where a rule, element or risk names something the instrument does not have */
    public Instrument {
        languages = List.copyOf(languages);
        answers = List.copyOf(answers);
        sections = List.copyOf(sections);
        elements = List.copyOf(elements);
        rules = List.copyOf(rules);
        ageDoubts = List.copyOf(ageDoubts);
        urgentRisks = List.copyOf(urgentRisks);
        explanations = Map.copyOf(explanations);
        Set<String> questions = codes(sections);
        Set<String> known = new HashSet<>();
        for (Element element : elements) {
            mustKnow(questions, element.weights().keySet());
            known.add(element.code());
        }
        for (Rule rule : rules) {
            mustKnow(known, Set.copyOf(rule.requires()));
        }
        mustKnow(questions, Set.copyOf(ageDoubts));
        for (RiskQuestion risk : urgentRisks) {
            mustKnow(questions, Set.of(risk.question()));
        }
        if (explanations.size() != Verdict.values().length) {
            throw new IllegalArgumentException("every verdict needs its words");
        }
    }

    /** The codes of all its questions. */
    public Set<String> questionCodes() {
        return codes(sections);
    }

    Element element(String code) {
        return elements.stream()
                .filter(element -> element.code().equals(code))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> codes(List<Section> sections) {
        Set<String> codes = new HashSet<>();
        for (Section section : sections) {
            for (Question question : section.questions()) {
                if (!codes.add(question.code())) {
                    throw new IllegalArgumentException("question twice: " + question.code());
                }
            }
        }
        return codes;
    }

    private static void mustKnow(Set<String> known, Set<String> named) {
        for (String one : named) {
            if (!known.contains(one)) {
                throw new IllegalArgumentException("the instrument has no " + one);
            }
        }
    }
}
