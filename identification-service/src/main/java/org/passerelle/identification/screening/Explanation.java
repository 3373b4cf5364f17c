package org.passerelle.identification.screening;

import java.util.stream.Collectors;
import org.passerelle.identification.screening.Assessment.ElementTrace;
import org.passerelle.identification.screening.Assessment.Presence;
import org.passerelle.identification.screening.Assessment.RuleTrace;

/** Puts a rule's verdict into a sentence, in the words of the instrument that gave it. */
public final class Explanation {

    private Explanation() {}

    /** @param language ISO 639-1; French where the instrument does not have it */
    public static String of(Instrument instrument, RuleTrace trace, String language) {
        String rule = instrument.rules().stream()
                .filter(one -> one.id().equals(trace.rule()))
                .map(one -> one.name().in(language))
                .findFirst()
                .orElse(trace.rule());
        String elements = trace.elements().stream()
                .filter(element -> decisive(trace.verdict(), element.presence()))
                .map(element -> named(instrument, element, language))
                .collect(Collectors.joining(", "));
        return rule + " — " + sentence(instrument, trace.verdict(), language).replace("{elements}", elements);
    }

    private static String sentence(Instrument instrument, Verdict verdict, String language) {
        Instrument.Text words = instrument.explanations().get(verdict);
        return words == null ? "{elements}" : words.in(language);
    }

    private static boolean decisive(Verdict verdict, Presence presence) {
        return switch (verdict) {
            case MET -> presence == Presence.PRESENT;
            case NOT_MET -> presence == Presence.ABSENT;
            case UNDECIDED -> presence == Presence.OPEN;
            case NOT_APPLICABLE -> false;
        };
    }

    private static String named(Instrument instrument, ElementTrace trace, String language) {
        String name = instrument.element(trace.element()).name().in(language);
        return trace.yes().isEmpty() ? name : name + " (" + String.join(", ", trace.yes()) + ")";
    }
}
