package org.passerelle.identification.screening;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the answers of one screening come to, with the whole way there. It is kept with the answers, so that it can be
 * explained long after the instrument has changed. It never says that somebody is not a victim.
 *
 * @param child whether the rules for children were used
 */
public record Assessment(
        boolean child, AgeBasis ageBasis, Map<Label, LabelOutcome> outcomes, List<UrgentRisk> urgentRisks) {

    /** What is read of an erased person's: that nothing is known. */
    public static final String ERASED =
            "{\"child\":true,\"ageBasis\":\"age-unknown\",\"outcomes\":{},\"urgentRisks\":[]}";

    public Assessment {
        Map<Label, LabelOutcome> inOrder = new EnumMap<>(Label.class);
        inOrder.putAll(outcomes);
        outcomes = Collections.unmodifiableMap(inOrder);
        urgentRisks = List.copyOf(urgentRisks);
    }

    /** Why the person was treated as an adult or as a child. */
    public enum AgeBasis {
        @JsonProperty("known-age")
        KNOWN_AGE,
        @JsonProperty("age-unknown")
        AGE_UNKNOWN,
        @JsonProperty("age-doubted")
        AGE_DOUBTED
    }

    /** The outcome of one label. */
    public enum Outcome {
        @JsonProperty("indicated")
        INDICATED,
        @JsonProperty("not-indicated")
        NOT_INDICATED,
        @JsonProperty("insufficient")
        INSUFFICIENT
    }

    /**
     * @param type the more exact name of an indicated label, where the instrument has one
     * @param trace every rule of the label, in the instrument's order
     */
    public record LabelOutcome(Outcome outcome, @Nullable String type, List<RuleTrace> trace) {

        public LabelOutcome {
            trace = List.copyOf(trace);
        }
    }

    /** What became of a rule, and because of which elements. */
    public record RuleTrace(String rule, Verdict verdict, List<ElementTrace> elements) {

        public RuleTrace {
            elements = List.copyOf(elements);
        }
    }

    /**
     * @param points the weights of its questions that were answered yes
     * @param yes its questions answered yes
     * @param unknown its questions answered unknown, or not at all
     */
    public record ElementTrace(
            String element, Presence presence, int points, int threshold, List<String> yes, List<String> unknown) {

        public ElementTrace {
            yes = List.copyOf(yes);
            unknown = List.copyOf(unknown);
        }
    }

    /** Whether an element was shown. */
    public enum Presence {
        @JsonProperty("present")
        PRESENT,
        /** Every one of its questions was answered no. */
        @JsonProperty("absent")
        ABSENT,
        /** Too little is known, or the yeses are too weak. */
        @JsonProperty("open")
        OPEN
    }
}
