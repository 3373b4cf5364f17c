package org.passerelle.referral.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.passerelle.contracts.PublishedEvents;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.referral.members.EveryMembershipEvent;
import org.passerelle.referral.members.MembershipEvent;

class PublicMembershipEventsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<PublicEvent> PUBLISHED = Stream.concat(
                    EveryMembershipEvent.OF_EACH_TYPE.stream()
                            .map(PublicMembershipEvents::of)
                            .flatMap(Optional::stream),
                    Stream.of(PublicMembershipEvents.heartbeat()))
            .toList();

    @Test
    void whatIsPublishedFollowsItsContract() {
        assertThat(PUBLISHED).hasSize(6);
        for (PublicEvent event : PUBLISHED) {
            assertThat(PublishedEvents.violations(event.type(), JSON.valueToTree(event.data())))
                    .isEmpty();
        }
    }

    @Test
    void theFactsOfAnOrganisationStayInOrderAndNoAccountIsNamed() {
        for (PublicEvent event : PUBLISHED.subList(0, 5)) {
            assertThat(event.key()).isEqualTo("00000000-0000-0000-0000-000000000001");
            assertThat(JSON.valueToTree(event.data()).toString()).doesNotContain("b7a1c2d3", "login.example");
        }
    }

    @Test
    void whoIsAwayIsToldToNobodyOutside() {
        assertThat(EveryMembershipEvent.OF_EACH_TYPE.stream()
                        .filter(event -> PublicMembershipEvents.of(event).isEmpty()))
                .hasOnlyElementsOfTypes(MembershipEvent.AbsenceDeclared.class, MembershipEvent.AbsenceEnded.class)
                .hasSize(2);
    }
}
