package org.passerelle.identification.screening;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.screening.Assessment.AgeBasis;
import org.passerelle.identification.screening.Assessment.ElementTrace;
import org.passerelle.identification.screening.Assessment.LabelOutcome;
import org.passerelle.identification.screening.Assessment.Outcome;
import org.passerelle.identification.screening.Assessment.Presence;
import org.passerelle.identification.screening.Assessment.RuleTrace;
import org.passerelle.identification.screening.Instrument.Element;
import org.passerelle.identification.screening.Instrument.RiskQuestion;
import org.passerelle.identification.screening.Instrument.Rule;

/** Works out what the answers to an instrument come to. */
public final class Assessing {

    private final Instrument instrument;
    private final Map<String, Answer> answers;
    private final boolean child;
    private final AgeBasis ageBasis;

    private Assessing(Instrument instrument, Map<String, Answer> answers, @Nullable Integer age, int adultAge) {
        this.instrument = instrument;
        this.answers = answers;
        boolean doubted = instrument.ageDoubts().stream().anyMatch(question -> answer(question) == Answer.YES);
        this.child = doubted || age == null || age < adultAge;
        this.ageBasis = doubted ? AgeBasis.AGE_DOUBTED : age == null ? AgeBasis.AGE_UNKNOWN : AgeBasis.KNOWN_AGE;
    }

    /**
     * @param age in whole years, null where it is not known: then the person is treated as a child
     * @param adultAge the age from which the rules for adults apply
     */
    public static Assessment assess(
            Instrument instrument, Map<String, Answer> answers, @Nullable Integer age, int adultAge) {
        return new Assessing(instrument, answers, age, adultAge).assessment();
    }

    private Assessment assessment() {
        Map<Label, LabelOutcome> outcomes = new EnumMap<>(Label.class);
        for (Label label : Label.values()) {
            outcomes.put(label, outcome(label));
        }
        List<UrgentRisk> risks = instrument.urgentRisks().stream()
                .filter(risk -> answer(risk.question()) == Answer.YES)
                .map(RiskQuestion::risk)
                .distinct()
                .toList();
        return new Assessment(child, ageBasis, outcomes, risks);
    }

    private LabelOutcome outcome(Label label) {
        List<RuleTrace> trace = new ArrayList<>();
        boolean indicated = false;
        boolean undecided = false;
        String type = null;
        for (Rule rule : instrument.rules()) {
            if (rule.label() != label) {
                continue;
            }
            RuleTrace one = trace(rule);
            trace.add(one);
            if (one.verdict() == Verdict.MET && !indicated) {
                indicated = true;
                type = rule.type();
            }
            undecided |= one.verdict() == Verdict.UNDECIDED;
        }
        boolean asked = trace.stream().anyMatch(one -> one.verdict() != Verdict.NOT_APPLICABLE);
        Outcome outcome =
                indicated ? Outcome.INDICATED : undecided || !asked ? Outcome.INSUFFICIENT : Outcome.NOT_INDICATED;
        return new LabelOutcome(outcome, type, trace);
    }

    private RuleTrace trace(Rule rule) {
        if (!rule.appliesTo().covers(child)) {
            return new RuleTrace(rule.id(), Verdict.NOT_APPLICABLE, List.of());
        }
        List<ElementTrace> elements = rule.requires().stream()
                .map(instrument::element)
                .map(this::trace)
                .toList();
        return new RuleTrace(rule.id(), verdict(elements), elements);
    }

    private static Verdict verdict(List<ElementTrace> elements) {
        if (elements.stream().anyMatch(element -> element.presence() == Presence.ABSENT)) {
            return Verdict.NOT_MET;
        }
        return elements.stream().allMatch(element -> element.presence() == Presence.PRESENT)
                ? Verdict.MET
                : Verdict.UNDECIDED;
    }

    private ElementTrace trace(Element element) {
        int points = 0;
        List<String> yes = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String question : element.weights().keySet().stream().sorted().toList()) {
            switch (answer(question)) {
                case YES -> {
                    points += element.weights().getOrDefault(question, 0);
                    yes.add(question);
                }
                case UNKNOWN -> unknown.add(question);
                case NO -> {}
            }
        }
        Presence presence = points >= element.threshold()
                ? Presence.PRESENT
                : yes.isEmpty() && unknown.isEmpty() ? Presence.ABSENT : Presence.OPEN;
        return new ElementTrace(element.code(), presence, points, element.threshold(), yes, unknown);
    }

    private Answer answer(String question) {
        return answers.getOrDefault(question, Answer.UNKNOWN);
    }
}
