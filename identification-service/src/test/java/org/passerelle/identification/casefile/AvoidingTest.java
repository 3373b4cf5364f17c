package org.passerelle.identification.casefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.passerelle.identification.casefile.Commands.FEARED;
import static org.passerelle.identification.casefile.Commands.FEARED_PLACE;
import static org.passerelle.identification.casefile.Commands.NOW;
import static org.passerelle.identification.casefile.Commands.OWNER;
import static org.passerelle.identification.casefile.Commands.WORKER;
import static org.passerelle.identification.casefile.Commands.avoiding;
import static org.passerelle.identification.casefile.Commands.need;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.avoiding.Avoidance;
import org.passerelle.identification.avoiding.Avoidance.AvoidedOrganisation;
import org.passerelle.identification.avoiding.Avoidance.AvoidedPlace;
import org.passerelle.identification.avoiding.WhyNot;
import org.passerelle.identification.casefile.CaseCommand.LiftAvoidance;
import org.passerelle.identification.casefile.CaseCommand.StateAvoiding;
import org.passerelle.identification.casefile.CaseEvent.AvoidanceChanged;
import org.passerelle.identification.casefile.CaseEvent.NeedStated;
import org.passerelle.identification.closing.ClosingReason;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.needs.Urgency;

@Tag("safety")
class AvoidingTest {

    private static final Place CAPITAL = Place.of("BI-BM");

    private final CaseDecider decider = new CaseDecider();

    private CaseFile given(CaseCommand... commands) {
        CaseFile file = decider.fold(decider.initial(), decider.decide(Commands.detection(), decider.initial()));
        for (CaseCommand command : commands) {
            file = decider.fold(file, decider.decide(command, file));
        }
        return file;
    }

    private static Avoidance of(CaseFile file) {
        return ((CaseFile.Open) file).facts().avoidance();
    }

    @Test
    void aDangerIsAddedToThoseThatAreKnown_withWhoSaidItAndWhen() {
        CaseFile file = given(
                avoiding(FEARED_PLACE, FEARED),
                avoiding(CAPITAL, OWNER, WhyNot.TRAFFICKER_REACH, "another", NOW.plusSeconds(60)));
        assertThat(of(file).places())
                .containsExactly(
                        new AvoidedPlace(FEARED_PLACE, WORKER, NOW),
                        new AvoidedPlace(CAPITAL, "another", NOW.plusSeconds(60)));
        assertThat(of(file).organisations())
                .containsExactly(
                        new AvoidedOrganisation(FEARED, WhyNot.RUN_BY_SUSPECT, WORKER, NOW),
                        new AvoidedOrganisation(OWNER, WhyNot.TRAFFICKER_REACH, "another", NOW.plusSeconds(60)));
        assertThat(of(file).revision()).isEqualTo(2);
    }

    @Test
    void whatIsKnownAlreadyChangesNothing_whoeverSaysItAgain() {
        assertThat(decider.decide(
                        avoiding(FEARED_PLACE, FEARED, WhyNot.RUN_BY_SUSPECT, "another", NOW.plusSeconds(60)),
                        given(avoiding(FEARED_PLACE, FEARED))))
                .isEmpty();
    }

    @Test
    void anotherReasonTakesThePlaceOfTheFormer() {
        CaseFile file = given(
                avoiding(FEARED_PLACE, FEARED), avoiding(FEARED_PLACE, FEARED, WhyNot.TRAFFICKER_REACH, WORKER, NOW));
        assertThat(of(file).organisations())
                .extracting(AvoidedOrganisation::why)
                .containsExactly(WhyNot.TRAFFICKER_REACH);
    }

    @Test
    void whatIsSafeByNowIsLifted_andOnlyThat() {
        CaseFile file = given(
                avoiding(FEARED_PLACE, FEARED),
                avoiding(CAPITAL, OWNER, WhyNot.TRAFFICKER_REACH, WORKER, NOW),
                new LiftAvoidance(Set.of(FEARED_PLACE), Set.of(OWNER), NOW));
        assertThat(of(file).places()).extracting(AvoidedPlace::place).containsExactly(CAPITAL);
        assertThat(of(file).organisations())
                .extracting(AvoidedOrganisation::organisationId)
                .containsExactly(FEARED);
        assertThat(of(file).revision()).isEqualTo(3);
        assertThat(decider.decide(new LiftAvoidance(Set.of(FEARED_PLACE), Set.of(), NOW), file))
                .isEmpty();
    }

    @Test
    void saidWithANeedItIsOnRecordBeforeIt() {
        List<CaseEvent> events =
                decider.decide(new StateAvoiding(avoiding(FEARED_PLACE, FEARED), need(Urgency.URGENT)), given());
        assertThat(events).hasExactlyElementsOfTypes(AvoidanceChanged.class, NeedStated.class);
    }

    @Test
    void aClosedCaseAvoidsNothingMore() {
        CaseFile closed = given(Commands.closing(ClosingReason.PLAN_COMPLETED));
        for (CaseCommand late :
                List.of(avoiding(FEARED_PLACE, FEARED), new LiftAvoidance(Set.of(FEARED_PLACE), Set.of(), NOW))) {
            assertThatThrownBy(() -> decider.decide(late, closed))
                    .isInstanceOfSatisfying(
                            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("case-closed"));
        }
    }

    @Test
    void aListThatGrowsWithoutEndIsRefused() {
        CaseCommand[] many = new CaseCommand[50];
        Arrays.setAll(many, number -> avoiding(FEARED_PLACE, Commands.organisation(number)));
        CaseFile full = given(many);
        assertThatThrownBy(() -> decider.decide(avoiding(FEARED_PLACE, Commands.organisation(50)), full))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("too-many"));
    }

    @Test
    void nothingOfItIsSaidInALog() {
        List<CaseEvent> events = decider.decide(avoiding(FEARED_PLACE, FEARED), given());
        assertThat(events.toString()).doesNotContain(FEARED_PLACE.code()).doesNotContain(FEARED.toString());
    }
}
