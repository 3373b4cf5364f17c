package org.passerelle.referral.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.passerelle.contracts.PublishedEvents;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.referring.About;
import org.passerelle.referral.referring.EveryEvent;
import org.passerelle.referral.referring.NextStep;
import org.passerelle.referral.referring.ReferralEvent;
import org.passerelle.referral.referring.ReferralEvent.DecisionOverdue;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;
import org.passerelle.referral.referring.TaskReason;

class PublicReferralEventsTest {

    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

    private static final List<PublicEvent> PUBLISHED = EveryEvent.OF_EACH_TYPE.stream()
            .flatMap(event -> PublicReferralEvents.of(event).stream())
            .toList();

    @Test
    void whatIsPublishedFollowsItsContract() {
        assertThat(PUBLISHED).hasSize(24);
        for (PublicEvent event : PUBLISHED) {
            JsonNode data = JSON.valueToTree(event.data());
            assertThat(PublishedEvents.violations(event.type(), data)).isEmpty();
            assertThat(event.key()).isEqualTo("4829-1370-6158");
        }
    }

    @Test
    void nothingThatIsPublishedSaysWhoTelephonedOrWhatWasNotedOrWhoThePersonIs() {
        for (PublicEvent event : PUBLISHED) {
            assertThat(JSON.valueToTree(event.data()).toString())
                    .doesNotContain("Voix", "+257", "secrète", "Feminine", "\"age\"");
        }
    }

    @Test
    void everyTaskThatAPersonMustDecideIsToldInTheContractsWords() {
        About about = EveryEvent.OF_EACH_TYPE.getFirst().about();
        List<PublicEvent> told = Arrays.stream(TaskReason.values())
                .filter(reason -> reason != TaskReason.LINK_CLOSED && reason != TaskReason.PLACEMENT_TO_REVIEW)
                .map(reason -> PublicReferralEvents.of(new ReferralEvent.CaseWorkerTaskRaised(
                                about, reason, Instant.parse("2026-11-20T12:00:00Z")))
                        .orElseThrow())
                .toList();
        assertThat(told)
                .hasSize(9)
                .allSatisfy(
                        event -> assertThat(PublishedEvents.violations(event.type(), JSON.valueToTree(event.data())))
                                .isEmpty());
    }

    @Test
    void everyStepThatIsNotTakenIsToldInTheContractsWords() {
        StepOverdue one = EveryEvent.OF_EACH_TYPE.stream()
                .filter(StepOverdue.class::isInstance)
                .map(StepOverdue.class::cast)
                .findFirst()
                .orElseThrow();
        for (NextStep step : NextStep.values()) {
            for (NextStep.Told told : NextStep.Told.values()) {
                StepOverdue overdue = new StepOverdue(one.about(), step, one.of(), told, one.again(), one.at());
                PublicEvent event = PublicReferralEvents.of(overdue).orElseThrow();
                assertThat(PublishedEvents.violations(event.type(), JSON.valueToTree(event.data())))
                        .isEmpty();
            }
        }
    }

    /** Whoever gives the service hears nothing, and nobody what there is to decide. */
    @Test
    void aDecisionThatIsNotTakenIsToldToTheRequesterAlone() {
        DecisionOverdue overdue = EveryEvent.OF_EACH_TYPE.stream()
                .filter(DecisionOverdue.class::isInstance)
                .map(DecisionOverdue.class::cast)
                .findFirst()
                .orElseThrow();
        OrganisationId requester = overdue.about().requestedBy();
        assertThat(PublicReferralEvents.of(overdue).orElseThrow().data())
                .isEqualTo(Map.of(
                        "referralId",
                        overdue.about().referral(),
                        "step",
                        "decision",
                        "organisation",
                        requester,
                        "told",
                        overdue.told(),
                        "requestedBy",
                        requester));
        assertThat(PublicReferralEvents.concerned(overdue)).containsExactly(requester);
    }

    @Test
    void anEventConcernsTheRequesterAndTheOrganisationThatIsAsked() {
        for (ReferralEvent event : EveryEvent.OF_EACH_TYPE) {
            OrganisationId other = PublicReferralEvents.otherParty(event);
            Set<OrganisationId> both = other == null
                    ? Set.of(event.about().requestedBy())
                    : Set.of(event.about().requestedBy(), other);
            assertThat(PublicReferralEvents.concerned(event))
                    .isEqualTo(PublicReferralEvents.of(event).isEmpty() ? Set.of() : both);
        }
        assertThat(EveryEvent.OF_EACH_TYPE.stream()
                        .filter(event -> PublicReferralEvents.otherParty(event) != null)
                        .toList())
                .hasSize(23);
    }
}
