package org.passerelle.reporting;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.EndpointRules;
import org.passerelle.reporting.fixtures.ImpureStory;
import org.passerelle.reporting.fixtures.OpenDoor;
import org.passerelle.reporting.ledger.Facts;

class ArchitectureTest {
    private static final String HERE = "org.passerelle.reporting";
    private static final String[] PURE = {
        HERE + ".ledger", HERE + ".replay", HERE + ".funnel", HERE + ".outcomes", HERE + ".language"
    };

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(HERE);

    /** What is told is read as JSON in one place, which is still pure: data in, facts out. */
    private static final JavaClasses ALL_BUT_THE_READER =
            CLASSES.that(com.tngtech.archunit.base.DescribedPredicate.not(JavaClass.Predicates.type(Facts.class)));

    @Test
    void stories_and_counts_know_no_framework() {
        EndpointRules.pure(PURE).check(ALL_BUT_THE_READER);
    }

    @Test
    void the_reader_of_facts_knows_json_and_nothing_else() {
        readsJsonOnly().check(CLASSES);
    }

    @Test
    void the_rule_on_stories_can_fail() {
        JavaClasses impure = new ClassFileImporter().importClasses(ImpureStory.class);
        assertThat(EndpointRules.pure(HERE + ".fixtures").evaluate(impure).hasViolation())
                .isTrue();
    }

    @Test
    void every_endpoint_makes_an_access_decision() {
        EndpointRules.everyEndpointMakesAnAccessDecision().check(CLASSES);
    }

    @Test
    void the_rule_on_endpoints_can_fail() {
        JavaClasses open = new ClassFileImporter().importClasses(OpenDoor.class);
        assertThat(EndpointRules.everyEndpointMakesAnAccessDecision()
                        .evaluate(open)
                        .hasViolation())
                .isTrue();
    }

    private static ArchRule readsJsonOnly() {
        return classes()
                .that(JavaClass.Predicates.type(Facts.class))
                .should()
                .onlyDependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(
                        HERE + ".ledger",
                        "java.lang..",
                        "java.util..",
                        "java.io",
                        "org.jspecify..",
                        "com.fasterxml.jackson.."));
    }
}
