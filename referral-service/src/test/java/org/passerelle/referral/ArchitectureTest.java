package org.passerelle.referral;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Entity;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.testkit.EndpointRules;
import org.passerelle.referral.referring.ReferralStream;

class ArchitectureTest {

    private static final JavaClasses SERVICE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.passerelle.referral");

    @Test
    void everyEndpointMakesAnAccessDecision() {
        EndpointRules.everyEndpointMakesAnAccessDecision().check(SERVICE);
    }

    @Test
    void codesAndRoutingArePure() {
        EndpointRules.pure(
                        "org.passerelle.referral.codes..",
                        "org.passerelle.referral.routing..",
                        "java.io..",
                        "java.nio.charset")
                .check(SERVICE.that(DescribedPredicate.describe(
                        "codes and routing",
                        (JavaClass type) -> Set.of("org.passerelle.referral.codes", "org.passerelle.referral.routing")
                                .contains(type.getPackageName()))));
    }

    /** Deciders, commands, events and states; what touches the world around them says so by its annotation. */
    @Test
    void theRulesOfAReferralsLifeArePure() {
        DescribedPredicate<JavaClass> rules = DescribedPredicate.describe(
                "belong to the rules of a referral's life",
                type -> type.getPackageName().equals("org.passerelle.referral.referring") && isRule(type));
        DescribedPredicate<JavaClass> names = JavaClass.Predicates.type(ReferralStream.class);
        ArchRuleDefinition.classes()
                .that(rules.and(DescribedPredicate.not(names)))
                .should()
                .onlyDependOnClassesThat(allowed(rules))
                .check(SERVICE);
        // upcasters, beside the names that events are stored by, change the JSON of older versions
        ArchRuleDefinition.classes()
                .that(names)
                .should()
                .onlyDependOnClassesThat(allowed(rules)
                        .or(JavaClass.Predicates.type(ObjectNode.class))
                        .or(JavaClass.Predicates.type(JsonNode.class)))
                .check(SERVICE);
    }

    @Test
    void aRuleThatTouchedTheDatabaseWouldBeNoticed() {
        ArchRule worklists = pure(DescribedPredicate.describe(
                "are the worklists", type -> type.getName().endsWith("referring.Worklists")));
        assertThatThrownBy(() -> worklists.check(SERVICE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("hibernate");
    }

    private static ArchRule pure(DescribedPredicate<JavaClass> pure) {
        return ArchRuleDefinition.classes().that(pure).should().onlyDependOnClassesThat(allowed(pure));
    }

    private static DescribedPredicate<JavaClass> allowed(DescribedPredicate<JavaClass> pure) {
        return JavaClass.Predicates.resideInAnyPackage(
                        "java.lang..",
                        "java.util..",
                        "java.time..",
                        "org.jspecify..",
                        "com.fasterxml.jackson.annotation",
                        "org.passerelle.eventsourcing",
                        "org.passerelle.referral.codes",
                        "org.passerelle.referral.routing")
                .or(pure)
                .or(DescribedPredicate.describe("arrays and primitives", type -> type.isArray() || type.isPrimitive()));
    }

    private static boolean isRule(JavaClass type) {
        JavaClass outermost = type;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        return !outermost.isAnnotatedWith(ApplicationScoped.class)
                && !outermost.isAnnotatedWith(Entity.class)
                && !outermost.getSimpleName().equals("package-info");
    }
}
