package org.passerelle.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each folder under {@code broken/} breaks one rule; the sound one breaks none. */
@Tag("contracts")
class ContractRulesCanFailTest {
    @Test
    void a_sound_folder_breaks_no_rule() {
        var rules = rules("sound");
        assertThat(rules.everySchemaIsNamedAsItsEvent()).isEmpty();
        assertThat(rules.everySchemaHasAnExampleThatFollowsIt()).isEmpty();
        assertThat(rules.everyObjectIsClosedAndEveryFieldExplained()).isEmpty();
        assertThat(rules.noFieldSuggestsPersonalData()).isEmpty();
        assertThat(rules.noTextIsFree()).isEmpty();
        assertThat(rules.theAsyncApiDocumentAndTheSchemasAgree()).isEmpty();
    }

    @Test
    void a_schema_with_another_events_title_is_found() {
        assertThat(rules("misnamed").everySchemaIsNamedAsItsEvent())
                .containsExactly(
                        "plans/plan-drawn.v1.schema.json should have the title passerelle.plans.plan-drawn.v1",
                        "plans/plan-drawn.v1.schema.json should have the $id urn:passerelle:contracts:plans:plan-drawn:v1");
    }

    @Test
    void a_missing_example_and_one_that_breaks_its_schema_are_found() {
        assertThat(rules("example").everySchemaHasAnExampleThatFollowsIt())
                .satisfiesExactly(
                        breach -> assertThat(breach)
                                .contains("plan-drawn.v1.example.json")
                                .contains("uuid"),
                        breach -> assertThat(breach).contains("plan-kept.v1.schema.json has no example"));
    }

    @Test
    void an_open_object_and_a_field_without_words_are_found() {
        assertThat(rules("open").everyObjectIsClosedAndEveryFieldExplained())
                .containsExactly(
                        "plans/plan-drawn.v1.schema.json lets unknown fields in",
                        "plans/plan-drawn.v1.schema.json#planId has no description");
    }

    @Test
    void a_personal_field_is_found_at_any_depth() {
        assertThat(rules("personal").noFieldSuggestsPersonalData())
                .containsExactlyInAnyOrder(
                        "plans/plan-drawn.v1.schema.json has the field givenName, which suggests personal data",
                        "plans/plan-drawn.v1.schema.json has the field phone, which suggests personal data");
        for (String field : List.of(
                "name",
                "familyName",
                "phone",
                "address",
                "birthDate",
                "account",
                "note",
                "freeText",
                "exactPlace",
                "answers")) {
            assertThat(ContractRules.suggestsPersonalData(field)).as(field).isTrue();
        }
        for (String field : List.of("answerBy", "organisation", "withheldFrom", "dueAt", "authorities")) {
            assertThat(ContractRules.suggestsPersonalData(field)).as(field).isFalse();
        }
    }

    @Test
    void free_text_is_found_whatever_it_is_called() {
        assertThat(rules("free").noTextIsFree())
                .containsExactly(
                        "plans/plan-drawn.v1.schema.json#purpose is free text",
                        "plans/plan-drawn.v1.schema.json#steps[] is free text");
    }

    @Test
    void a_schema_that_is_not_referred_to_and_a_reference_to_nothing_are_found() {
        assertThat(rules("references").theAsyncApiDocumentAndTheSchemasAgree())
                .containsExactly(
                        "asyncapi.yaml does not list plans.plan-kept.v1 on the topic of its service",
                        "asyncapi.yaml refers to plans/plan-lost.v1.schema.json, which does not exist",
                        "asyncapi.yaml does not refer to plans/plan-drawn.v1.schema.json",
                        "asyncapi.yaml refers to #/components/messages/plans.plan-gone.v1, which it does not define");
    }

    private static ContractRules rules(String folder) {
        return new ContractRules(Path.of("src/test/resources/broken").resolve(folder));
    }
}
