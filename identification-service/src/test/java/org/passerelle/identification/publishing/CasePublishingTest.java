package org.passerelle.identification.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.contracts.PublishedEvents;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.identification.casefile.CaseEvent.NeedStated;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.casefile.Histories;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.needs.Circumstance;
import org.passerelle.identification.needs.Leg;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.PackageId;

class CasePublishingTest {

    /** As the relay writes: without nulls, unless a record insists. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private static final List<PublicEvent> PUBLISHED = Histories.everything().stream()
            .map(new CasePublishing()::translate)
            .flatMap(Optional::stream)
            .toList();

    @Test
    void everyPublicEventFollowsItsContract() {
        for (PublicEvent event : PUBLISHED) {
            JsonNode data = JSON.valueToTree(event.data());
            assertThat(PublishedEvents.violations(event.type(), data)).isEmpty();
        }
    }

    @Test
    void aNeedOfAPackageFollowsItsContractToo() {
        NeedStated alone = Histories.everything().stream()
                .map(CaseStream.TYPES::decode)
                .filter(NeedStated.class::isInstance)
                .map(NeedStated.class::cast)
                .findFirst()
                .orElseThrow();
        NeedId other = new NeedId(new UUID(7, 60));
        NeedStated leg = new NeedStated(
                alone.need(),
                alone.owner(),
                alone.age(),
                alone.child(),
                alone.sex(),
                List.of(new Language("fra")),
                List.of(Circumstance.PREGNANT),
                new Leg(
                        new PackageId(new UUID(6, 1)),
                        List.of(new Leg.After(other, Leg.Until.COMPLETED)),
                        List.of(other)));
        PublicEvent told =
                new CasePublishing().translate(Histories.stored(leg, 1)).orElseThrow();
        JsonNode data = JSON.valueToTree(told.data());
        assertThat(PublishedEvents.violations(told.type(), data)).isEmpty();
        assertThat(data.at("/leg/after/0/until").asText()).isEqualTo("completed");
        assertThat(data.at("/circumstances/0").asText()).isEqualTo("pregnant");
    }

    @Test
    void theRoadIsToldWithoutItsInnerSteps() {
        assertThat(PUBLISHED)
                .extracting(PublicEvent::type)
                .containsExactly(
                        "passerelle.identification.case-detected.v1",
                        "passerelle.identification.consent-recorded.v1",
                        "passerelle.identification.screened.v1",
                        "passerelle.identification.victim-presumed.v1",
                        "passerelle.identification.need-stated.v1",
                        "passerelle.identification.consent-withdrawn.v1",
                        "passerelle.identification.consent-recorded.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.consent-withdrawn.v1",
                        "passerelle.identification.hand-over-moved.v1",
                        "passerelle.identification.case-closed.v1",
                        "passerelle.identification.person-erased.v1");
        assertThat(PUBLISHED).allSatisfy(event -> {
            assertThat(event.key()).isEqualTo(event.subject());
            assertThat(event.subject()).matches("[0-9]{4}-[0-9]{4}-[0-9]{4}");
        });
    }

    @Test
    @Tag("leak")
    void nothingPersonalIsEverPublished() throws Exception {
        for (PublicEvent event : PUBLISHED) {
            assertThat(JSON.writeValueAsString(event))
                    .doesNotContain(
                            "Espérance",
                            "Ndayizeye",
                            "25779000000",
                            "gare",
                            "récit",
                            "motifs",
                            "run",
                            "ACT_",
                            "indicated",
                            "suicid",
                            "danger",
                            "octobre",
                            "login.example");
        }
    }
}
