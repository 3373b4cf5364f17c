package org.passerelle.identification;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.EndpointRules;
import org.passerelle.identification.fixtures.ImpureDecision;
import org.passerelle.identification.fixtures.UncheckedResource;

class ArchitectureTest {

    private static final String HERE = "org.passerelle.identification";
    private static final String[] PURE = {
        HERE + ".arriving",
        HERE + ".casefile",
        HERE + ".closing",
        HERE + ".avoiding",
        HERE + ".codes",
        HERE + ".consenting",
        HERE + ".detecting",
        HERE + ".emergency",
        HERE + ".erasing",
        HERE + ".handingover",
        HERE + ".messages",
        HERE + ".needs",
        HERE + ".presuming",
        HERE + ".providing",
        HERE + ".retaining",
        HERE + ".screening",
        HERE + ".searching"
    };

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(HERE);

    @Test
    void theDomainKnowsNoFramework() {
        EndpointRules.pure(PURE).check(CLASSES);
    }

    @Test
    void theRuleOnTheDomainCanFail() {
        JavaClasses impure = new ClassFileImporter().importClasses(ImpureDecision.class);
        assertThat(EndpointRules.pure(HERE + ".fixtures").evaluate(impure).hasViolation())
                .isTrue();
    }

    @Test
    void everyEndpointMakesAnAccessDecision() {
        EndpointRules.everyEndpointMakesAnAccessDecision().check(CLASSES);
    }

    @Test
    void theRuleOnEndpointsCanFail() {
        JavaClasses unchecked = new ClassFileImporter().importClasses(UncheckedResource.class);
        assertThat(EndpointRules.everyEndpointMakesAnAccessDecision()
                        .evaluate(unchecked)
                        .hasViolation())
                .isTrue();
    }
}
