package org.passerelle.identification.screening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.screening.Assessment.AgeBasis;
import org.passerelle.identification.screening.Assessment.ElementTrace;
import org.passerelle.identification.screening.Assessment.LabelOutcome;
import org.passerelle.identification.screening.Assessment.Outcome;
import org.passerelle.identification.screening.Assessment.Presence;
import org.passerelle.identification.screening.Assessment.RuleTrace;
import org.passerelle.identification.screening.rest.Instruments;

@Tag("screening")
class ThreeElementScreeningTest {

    private static final Instrument INSTRUMENT =
            new Instruments().find("three-element", 1).orElseThrow();
    private static final int ADULT = 24;
    private static final int CHILD = 15;

    @Test
    void anAdultWithActMeansAndPurposeIsIndicated() {
        Assessment assessment = assess(ADULT, allNoBut("ACT_RECRUITMENT", "MEANS_DECEPTION", "PURPOSE_FORCED_LABOUR"));

        assertThat(outcome(assessment, Label.TRAFFICKING)).isEqualTo(Outcome.INDICATED);
        RuleTrace rule = rule(assessment, Label.TRAFFICKING, "TRAFFICKING_ADULT");
        assertThat(rule.verdict()).isEqualTo(Verdict.MET);
        assertThat(rule.elements())
                .extracting(ElementTrace::element, ElementTrace::yes)
                .containsExactly(
                        tuple("ACT", List.of("ACT_RECRUITMENT")),
                        tuple("MEANS", List.of("MEANS_DECEPTION")),
                        tuple("PURPOSE", List.of("PURPOSE_FORCED_LABOUR")));
        assertThat(rule(assessment, Label.TRAFFICKING, "TRAFFICKING_CHILD").verdict())
                .isEqualTo(Verdict.NOT_APPLICABLE);
    }

    @Test
    void anAdultWithoutMeansIsNotIndicatedByThatRuleAloneAndItIsSaidWhy() {
        Assessment assessment = assess(ADULT, allNoBut("ACT_RECRUITMENT", "PURPOSE_FORCED_LABOUR"));

        assertThat(outcome(assessment, Label.TRAFFICKING)).isEqualTo(Outcome.NOT_INDICATED);
        RuleTrace rule = rule(assessment, Label.TRAFFICKING, "TRAFFICKING_ADULT");
        assertThat(rule.verdict()).isEqualTo(Verdict.NOT_MET);
        assertThat(presence(rule, "MEANS")).isEqualTo(Presence.ABSENT);
        assertThat(Explanation.of(INSTRUMENT, rule, "en"))
                .contains("not by this rule alone", "means")
                .contains("does not mean that the person is not a victim");
        assertThat(Explanation.of(INSTRUMENT, rule, "fr")).contains("pas par cette seule règle", "moyen");
        assertThat(Explanation.of(INSTRUMENT, rule, "es")).contains("no por esta sola regla", "medio");
    }

    @Test
    void aChildNeedsNoMeans() {
        Assessment assessment = assess(CHILD, allNoBut("ACT_TRANSFER", "PURPOSE_SERVITUDE"));

        assertThat(assessment.child()).isTrue();
        assertThat(assessment.ageBasis()).isEqualTo(AgeBasis.KNOWN_AGE);
        assertThat(outcome(assessment, Label.TRAFFICKING)).isEqualTo(Outcome.INDICATED);
        assertThat(rule(assessment, Label.TRAFFICKING, "TRAFFICKING_CHILD").verdict())
                .isEqualTo(Verdict.MET);
    }

    @Test
    void whoseAgeIsUnknownOrDoubtedIsTreatedAsAChild() {
        Map<String, Answer> answers = allNoBut("ACT_TRANSFER", "PURPOSE_SERVITUDE");
        Assessment unknown = assess(null, answers);
        assertThat(unknown.ageBasis()).isEqualTo(AgeBasis.AGE_UNKNOWN);
        assertThat(outcome(unknown, Label.TRAFFICKING)).isEqualTo(Outcome.INDICATED);

        answers.put("AGE_DOUBTED", Answer.YES);
        Assessment doubted = assess(19, answers);
        assertThat(doubted.ageBasis()).isEqualTo(AgeBasis.AGE_DOUBTED);
        assertThat(outcome(doubted, Label.TRAFFICKING)).isEqualTo(Outcome.INDICATED);
    }

    @Test
    void anIllegalCrossingForMoneyWithoutExploitationIsSmuggling() {
        Assessment assessment =
                assess(ADULT, allNoBut("ACT_TRANSPORTATION", "SMUGGLING_ILLEGAL_ENTRY", "SMUGGLING_MATERIAL_BENEFIT"));

        assertThat(outcome(assessment, Label.SMUGGLING)).isEqualTo(Outcome.INDICATED);
        assertThat(outcome(assessment, Label.TRAFFICKING)).isEqualTo(Outcome.NOT_INDICATED);
        assertThat(outcome(assessment, Label.GBV)).isEqualTo(Outcome.NOT_INDICATED);
    }

    @Test
    void unknownAnswersAreInsufficientAndNeverANo() {
        for (Map<String, Answer> answers : List.of(all(Answer.UNKNOWN), new HashMap<String, Answer>())) {
            Assessment assessment = assess(ADULT, answers);
            for (Label label : Label.values()) {
                assertThat(outcome(assessment, label)).as("%s", label).isEqualTo(Outcome.INSUFFICIENT);
            }
        }
    }

    @Test
    void oneUnknownMeansKeepsTheQuestionOpen() {
        Map<String, Answer> answers = allNoBut("ACT_RECRUITMENT", "PURPOSE_FORCED_LABOUR");
        answers.put("MEANS_COERCION", Answer.UNKNOWN);
        Assessment assessment = assess(ADULT, answers);

        assertThat(outcome(assessment, Label.TRAFFICKING)).isEqualTo(Outcome.INSUFFICIENT);
        RuleTrace rule = rule(assessment, Label.TRAFFICKING, "TRAFFICKING_ADULT");
        assertThat(rule.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(presence(rule, "MEANS")).isEqualTo(Presence.OPEN);
        assertThat(Explanation.of(INSTRUMENT, rule, "en")).contains("means").contains("never counts as");
    }

    @Test
    void turningAnAnswerFromNoToUnknownNeverMakesItANo() {
        Map<String, Answer> base = allNoBut("ACT_RECRUITMENT", "MEANS_FRAUD", "PURPOSE_HARD_CONDITIONS");
        for (String question : INSTRUMENT.questionCodes()) {
            Map<String, Answer> softened = new HashMap<>(base);
            softened.put(question, Answer.UNKNOWN);
            for (Label label : Label.values()) {
                boolean wasNo = outcome(assess(ADULT, base), label) == Outcome.NOT_INDICATED;
                boolean isNo = outcome(assess(ADULT, softened), label) == Outcome.NOT_INDICATED;
                assertThat(isNo && !wasNo).as("%s %s", question, label).isFalse();
            }
        }
    }

    @Test
    void oneWeakIndicatorAloneIsInsufficientAndTwoAreNot() {
        Map<String, Answer> answers =
                allNoBut("ACT_HARBOURING", "MEANS_ABUSE_OF_VULNERABILITY", "PURPOSE_HARD_CONDITIONS");
        assertThat(outcome(assess(ADULT, answers), Label.TRAFFICKING)).isEqualTo(Outcome.INSUFFICIENT);

        answers.put("PURPOSE_EARNINGS_TAKEN", Answer.YES);
        assertThat(outcome(assess(ADULT, answers), Label.TRAFFICKING)).isEqualTo(Outcome.INDICATED);
    }

    @Test
    void theLabelsAreParallel() {
        Assessment assessment = assess(
                ADULT,
                allNoBut(
                        "ACT_TRANSPORTATION",
                        "MEANS_THREAT_OR_FORCE",
                        "PURPOSE_SEXUAL_EXPLOITATION",
                        "SMUGGLING_ILLEGAL_ENTRY",
                        "SMUGGLING_MATERIAL_BENEFIT",
                        "GBV_SEXUAL_ASSAULT",
                        "GBV_PSYCHOLOGICAL_ABUSE"));
        for (Label label : Label.values()) {
            assertThat(outcome(assessment, label)).as("%s", label).isEqualTo(Outcome.INDICATED);
        }
        assertThat(of(assessment, Label.GBV).type())
                .as("the most specific form")
                .isEqualTo("sexual-assault");
    }

    @Test
    void urgentRisksAreRaisedWhateverTheScore() {
        Assessment assessment = assess(ADULT, allNoBut("RISK_SUICIDE", "RISK_IMMEDIATE_DANGER"));
        assertThat(assessment.urgentRisks()).containsExactly(UrgentRisk.IMMEDIATE_DANGER, UrgentRisk.SUICIDAL);
        assertThat(outcome(assessment, Label.TRAFFICKING)).isEqualTo(Outcome.NOT_INDICATED);
    }

    private static Assessment assess(@Nullable Integer age, Map<String, Answer> answers) {
        return Assessing.assess(INSTRUMENT, answers, age, Person.ADULT_AGE);
    }

    private static Map<String, Answer> allNoBut(String... yes) {
        Map<String, Answer> answers = all(Answer.NO);
        for (String question : yes) {
            assertThat(answers).containsKey(question);
            answers.put(question, Answer.YES);
        }
        return answers;
    }

    private static Map<String, Answer> all(Answer answer) {
        Map<String, Answer> answers = new HashMap<>();
        INSTRUMENT.questionCodes().forEach(question -> answers.put(question, answer));
        return answers;
    }

    private static LabelOutcome of(Assessment assessment, Label label) {
        LabelOutcome outcome = assessment.outcomes().get(label);
        assertThat(outcome).isNotNull();
        return Objects.requireNonNull(outcome);
    }

    private static Outcome outcome(Assessment assessment, Label label) {
        return of(assessment, label).outcome();
    }

    private static RuleTrace rule(Assessment assessment, Label label, String id) {
        return of(assessment, label).trace().stream()
                .filter(one -> one.rule().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Presence presence(RuleTrace rule, String element) {
        return rule.elements().stream()
                .filter(one -> one.element().equals(element))
                .map(ElementTrace::presence)
                .findFirst()
                .orElseThrow();
    }
}
