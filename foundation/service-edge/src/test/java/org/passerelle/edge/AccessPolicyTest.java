package org.passerelle.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.sample.JarResource;
import org.passerelle.edge.testkit.EndpointRules;

class AccessPolicyTest {

    private static final AccessPolicy POLICY = AccessPolicy.parse("""
            action,role,relation,fields,why
            # a comment
            case.read,case-worker,owning,all,The owner's case workers see their case
            case.read,provider,offered,summary,A provider that is asked sees the summary
            case.read,coordinator,*,codes,A coordinator sees codes, needs and clocks
            """);

    private static Caller caller(Role... roles) {
        return new Caller("issuer", "somebody", "o1", Set.of(roles));
    }

    @Test
    void whatNoLinePermitsIsDenied() {
        assertThat(POLICY.decide(caller(Role.CASE_WORKER), "case.read", Relation.NONE)
                        .permitted())
                .isFalse();
        assertThat(POLICY.decide(caller(Role.CASE_WORKER), "case.close", Relation.OWNING)
                        .permitted())
                .isFalse();
        assertThat(POLICY.decide(caller(), "case.read", Relation.OWNING).permitted())
                .isFalse();
    }

    @Test
    void theMostThatAnyOfTheRolesSeesIsSeen() {
        Decision decision = POLICY.decide(caller(Role.CASE_WORKER, Role.COORDINATOR), "case.read", Relation.OWNING);
        assertThat(decision.mask()).isEqualTo(FieldMask.ALL);
        assertThat(POLICY.decide(caller(Role.COORDINATOR), "case.read", Relation.NONE)
                        .mask())
                .isEqualTo(FieldMask.CODES);
    }

    @Test
    void aLineThatCannotBeUnderstoodStopsTheService() {
        assertThatThrownBy(() -> AccessPolicy.parse("case.read,king,owning,all,The king sees all"))
                .hasMessageContaining("line 1");
        assertThatThrownBy(() -> AccessPolicy.parse("case.read,provider,owning,all, "))
                .hasMessageContaining("line 1");
    }

    @Test
    void theRuleFindsAnEndpointThatDecidesNothing() {
        var sample = new ClassFileImporter().importClasses(JarResource.class);
        assertThat(EndpointRules.everyEndpointMakesAnAccessDecision()
                        .evaluate(sample)
                        .getFailureReport()
                        .getDetails())
                .singleElement()
                .asString()
                .contains("forgotten");
        EndpointRules.everyEndpointMakesAnAccessDecision()
                .check(new ClassFileImporter().importClasses(OperationsResource.class));
    }
}
