package org.passerelle.edge.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.ws.rs.HttpMethod;
import java.util.List;
import java.util.stream.Stream;
import org.passerelle.edge.AccessPolicy;
import org.passerelle.edge.AccessTo;

/** Rules of the house that every service's build checks, as allow-lists. */
public final class EndpointRules {

    private EndpointRules() {}

    private static final DescribedPredicate<JavaMethod> ENDPOINTS = new DescribedPredicate<>("are endpoints") {
        @Override
        public boolean test(JavaMethod method) {
            return method.getAnnotations().stream()
                    .anyMatch(annotation -> annotation.getRawType().isAnnotatedWith(HttpMethod.class));
        }
    };

    /** Every endpoint names the action it is, and the policy has a sentence for it. */
    public static ArchRule everyEndpointMakesAnAccessDecision() {
        return methods().that(ENDPOINTS).should(new ArchCondition<>("name an action that the access policy knows") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean decides = method.isAnnotatedWith(AccessTo.class)
                        && known(method.getAnnotationOfType(AccessTo.class).value());
                events.add(new SimpleConditionEvent(method, decides, method.getFullName() + " has no known action"));
            }
        });
    }

    private static boolean known(String action) {
        return action.equals(AccessTo.ANYONE) || AccessPolicy.shipped().knows(action);
    }

    /**
     * Pure packages use the language, the kernel's pure types and each other; no framework.
     *
     * @param packages ArchUnit patterns of the pure packages: {@code ..routing..}
     */
    public static ArchRule pure(String... packages) {
        String[] allowed = Stream.concat(
                        Stream.of(packages),
                        Stream.of(
                                "java.lang..",
                                "java.util..",
                                "java.time..",
                                "java.math..",
                                "java.text..",
                                "org.jspecify.."))
                .toArray(String[]::new);
        DescribedPredicate<JavaClass> pureKernel = new DescribedPredicate<>("pure types of the kernel") {
            private final List<String> names =
                    List.of("Decider", "Refusal", "DeadlineChange", "EventTypes", "StreamKind", "StreamId");

            @Override
            public boolean test(JavaClass type) {
                return type.getPackageName().equals("org.passerelle.eventsourcing")
                        && names.stream()
                                .anyMatch(name -> type.getName().startsWith("org.passerelle.eventsourcing." + name));
            }
        };
        return classes()
                .that()
                .resideInAnyPackage(packages)
                .should()
                .onlyDependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(allowed)
                        .or(pureKernel)
                        .or(DescribedPredicate.describe(
                                "primitives and their arrays", type -> type.isPrimitive() || type.isArray()))
                        .or(JavaClass.Predicates.resideInAPackage("com.fasterxml.jackson.annotation")));
    }
}
