package org.passerelle.referral.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.contracts.PublishedEvents;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.eventsourcing.testkit.GoldenFiles;
import org.passerelle.referral.investigating.EveryInvestigationEvent;
import org.passerelle.referral.investigating.InvestigationEvent;
import org.passerelle.referral.investigating.InvestigationEvent.JusticeReported;
import org.passerelle.referral.investigating.InvestigationEvent.PoliceSilent;
import org.passerelle.referral.investigating.InvestigationStream;
import org.passerelle.referral.investigating.JusticeStep;

class PublicInvestigationEventsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    @Tag("leak")
    void onlyHowFarJusticeHasComeAndWhoIsSilentIsTold() {
        List<PublicEvent> published = EveryInvestigationEvent.OF_EACH_TYPE.stream()
                .map(PublicInvestigationEvents::of)
                .flatMap(Optional::stream)
                .toList();

        assertThat(published).isNotEmpty().allSatisfy(event -> {
            assertThat(event.key()).isEqualTo("4829-1370-6158");
            JsonNode data = JSON.valueToTree(event.data());
            assertThat(data.properties())
                    .extracting(Map.Entry::getKey)
                    .isSubsetOf("referralId", "step", "organisation", "told", "requestedBy");
            assertThat(PublishedEvents.violations(event.type(), data)).isEmpty();
        });
        assertThat(published.size())
                .isEqualTo(EveryInvestigationEvent.OF_EACH_TYPE.stream()
                        .filter(event -> event instanceof JusticeReported || event instanceof PoliceSilent)
                        .count());
    }

    /** Not the police, once the person withholds the case from them; nor of what was stored before that was asked. */
    @Test
    void silenceIsToldToTheSenderAndToThePoliceAsLongAsTheyMayKnow() throws IOException {
        PoliceSilent heard = EveryInvestigationEvent.OF_EACH_TYPE.stream()
                .filter(PoliceSilent.class::isInstance)
                .map(PoliceSilent.class::cast)
                .findFirst()
                .orElseThrow();
        PoliceSilent before = (PoliceSilent) new GoldenFiles(Path.of("src", "test", "resources", "golden"))
                .read(InvestigationStream.TYPES, "investigation.police-silent", 1);

        assertThat(PublicInvestigationEvents.concerned(heard))
                .containsExactlyInAnyOrder(heard.about().requestedBy(), heard.police());
        assertThat(PublicInvestigationEvents.concerned(before))
                .containsExactly(before.about().requestedBy());
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
