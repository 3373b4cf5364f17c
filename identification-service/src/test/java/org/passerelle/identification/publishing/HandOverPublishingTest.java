package org.passerelle.identification.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.contracts.PublishedEvents;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.identification.arriving.ArrivalEvent;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalOverdue.Told;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseEvent.HandOverSent.Means;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.consenting.ConsentId;
import org.passerelle.identification.handingover.Declining;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.handingover.HandOver;
import org.passerelle.identification.handingover.HandOverId;
import org.passerelle.identification.handingover.Verdict;

class HandOverPublishingTest {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();
    private static final String CODE = CaseCode.numbered(4829137061L).text();
    private static final Instant AT = Instant.parse("2026-11-20T13:00:00Z");
    private static final HandOverId ID = new HandOverId(new UUID(7, 7));

    private static final List<CaseEvent.OfHandOver> OF_A_CASE = Stream.of(
                    Stream.of(
                            new CaseEvent.HandOverRequested(
                                    ID,
                                    new Country("PE"),
                                    new ConsentId(new UUID(3, 3)),
                                    Set.of(Fact.IDENTITY),
                                    Means.FILE,
                                    "sealed for Lima",
                                    AT,
                                    AT.plusSeconds(60)),
                            new CaseEvent.HandOverSent(ID, Means.FILE, AT)),
                    Arrays.stream(Verdict.values())
                            .map(verdict -> new CaseEvent.HandOverAnswered(
                                    ID, verdict, verdict == Verdict.DECLINED ? Declining.NOT_SAFE : null, AT)),
                    Arrays.stream(HandOver.Stop.values())
                            .map(why -> new CaseEvent.HandOverStopped(ID, why, "no-such-host", AT)),
                    Stream.of(new CaseEvent.HandOverWithdrawn(ID, AT)))
            .<CaseEvent.OfHandOver>flatMap(events -> events)
            .toList();

    private static final List<ArrivalEvent> ARRIVALS = List.of(
            new ArrivalEvent.HandOverArrived(
                    ID,
                    new Country("PE"),
                    "digest",
                    ArrivalEvent.HandOverArrived.Means.FILE,
                    AT.plusSeconds(60),
                    AT,
                    null),
            new ArrivalEvent.ArrivalAccepted(ID, new CaseCode(CODE), AT),
            new ArrivalEvent.ArrivalDeclined(ID, Declining.NO_CAPACITY, AT),
            new ArrivalEvent.ArrivalExpired(ID, AT),
            new ArrivalEvent.ArrivalWithdrawn(ID, new Country("PE"), AT, AT));

    private static List<PublicEvent> published() {
        return Stream.concat(
                        OF_A_CASE.stream().map(event -> HandOverPublishing.ofACase(CODE, event)),
                        ARRIVALS.stream().map(HandOverPublishing::arrival))
                .flatMap(Optional::stream)
                .toList();
    }

    private static String step(PublicEvent event) {
        return JSON.valueToTree(event.data()).path("step").asText();
    }

    @Test
    void everyStepFollowsItsContract() {
        assertThat(published())
                .hasSize(OF_A_CASE.size() + ARRIVALS.size())
                .allSatisfy(
                        event -> assertThat(PublishedEvents.violations(event.type(), JSON.valueToTree(event.data())))
                                .isEmpty());
        assertThat(published())
                .extracting(HandOverPublishingTest::step)
                .startsWith("requested", "sent", "arrived", "accepted", "declined")
                .endsWith("arrived", "accepted", "declined", "expired", "withdrawn")
                .contains("expired", "stopped", "withdrawn");
        assertThat(HandOverPublishing.ofACase(CODE, new CaseEvent.HandOverWithdrawalHeard(ID, AT, AT)))
                .isEmpty();
        assertThat(HandOverPublishing.ofACase(CODE, new CaseEvent.HandOverEndNoted(ID, AT)))
                .isEmpty();
    }

    @Test
    void thatTheDeskIsLateIsToldWithoutCountryOrCase() {
        for (Told told : Told.values()) {
            PublicEvent event = HandOverPublishing.arrival(new ArrivalEvent.ArrivalOverdue(ID, told, AT, AT))
                    .orElseThrow();
            assertThat(event.type()).isEqualTo("passerelle.identification.arrival-overdue.v1");
            assertThat(event.key()).isEqualTo(event.subject()).isEqualTo(ID.toString());
            assertThat(PublishedEvents.violations(event.type(), JSON.valueToTree(event.data())))
                    .isEmpty();
        }
    }

    @Test
    @Tag("leak")
    void noCountryNoReasonAndOfAnArrivalNoCaseIsTold() {
        for (PublicEvent event : published()) {
            assertThat(JSON.valueToTree(event.data()).properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactlyInAnyOrder("handOverId", "step");
        }
        for (ArrivalEvent event : ARRIVALS) {
            PublicEvent told = HandOverPublishing.arrival(event).orElseThrow();
            assertThat(told.key()).isEqualTo(told.subject()).isEqualTo(ID.toString());
            assertThat(JSON.valueToTree(told).toString()).doesNotContain(CODE);
        }
    }
}
