package org.passerelle.referral.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.contracts.PublishedEvents;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.referral.investigating.EveryInvestigationEvent;
import org.passerelle.referral.investigating.InvestigationEvent;
import org.passerelle.referral.investigating.InvestigationEvent.JusticeReported;
import org.passerelle.referral.investigating.JusticeStep;

class PublicInvestigationEventsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    @Tag("leak")
    void onlyHowFarJusticeHasComeIsTold() {
        List<PublicEvent> published = EveryInvestigationEvent.OF_EACH_TYPE.stream()
                .map(PublicInvestigationEvents::of)
                .flatMap(Optional::stream)
                .toList();

        assertThat(published).isNotEmpty().allSatisfy(event -> {
            assertThat(event.key()).isEqualTo("4829-1370-6158");
            JsonNode data = JSON.valueToTree(event.data());
            assertThat(data.properties()).extracting(Map.Entry::getKey).containsExactlyInAnyOrder("referralId", "step");
        });
        assertThat(published.size())
                .isEqualTo(EveryInvestigationEvent.OF_EACH_TYPE.stream()
                        .filter(JusticeReported.class::isInstance)
                        .count());
    }

    @ParameterizedTest
    @EnumSource
    void everyStepFollowsItsContract(JusticeStep step) {
        JusticeReported one = EveryInvestigationEvent.OF_EACH_TYPE.stream()
                .filter(JusticeReported.class::isInstance)
                .map(JusticeReported.class::cast)
                .findFirst()
                .orElseThrow();
        InvestigationEvent reported = new JusticeReported(
                one.about(),
                one.police(),
                one.reportedUnder(),
                step,
                one.reason(),
                one.forms(),
                one.reportBy(),
                one.at());
        PublicEvent told = PublicInvestigationEvents.of(reported).orElseThrow();

        assertThat(PublishedEvents.violations(told.type(), JSON.valueToTree(told.data())))
                .isEmpty();
    }
}
