package org.passerelle.assistance.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.assistance.plan.Examples.AGREED;
import static org.passerelle.assistance.plan.Examples.CASE;
import static org.passerelle.assistance.plan.Examples.DELIVERY;
import static org.passerelle.assistance.plan.Examples.FOLLOW_UP;
import static org.passerelle.assistance.plan.Examples.MORNING;
import static org.passerelle.assistance.plan.Examples.OFFER;
import static org.passerelle.assistance.plan.Examples.OPENED;
import static org.passerelle.assistance.plan.Examples.OTHER_FOLLOW_UP;
import static org.passerelle.assistance.plan.Examples.REFERRAL;
import static org.passerelle.assistance.plan.Examples.REFERRED;
import static org.passerelle.assistance.plan.Examples.SCHEDULED;
import static org.passerelle.assistance.plan.Examples.SHELTER;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.passerelle.assistance.plan.PlanEvent.CaseClosureNoted;
import org.passerelle.assistance.plan.PlanEvent.FollowUpCameDue;
import org.passerelle.assistance.plan.PlanEvent.FollowUpDone;
import org.passerelle.assistance.plan.PlanEvent.PlanClosed;
import org.passerelle.assistance.plan.PlanEvent.ReferralEndNoted;
import org.passerelle.assistance.plan.PlanEvent.ReferralGapNoted;
import org.passerelle.assistance.plan.PlanEvent.ServiceDelivered;
import org.passerelle.assistance.plan.PlanEvent.ServiceEnded;
import org.passerelle.eventsourcing.NewEvent;

/** Every version of every event that was ever stored must be read for ever: one golden file each. */
class StoredEventsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private static final Map<String, PlanEvent> MEANING = new TreeMap<>(Map.ofEntries(
            Map.entry("assistance.case-noted.v1", CASE),
            Map.entry("assistance.referral-open-noted.v1", REFERRED),
            Map.entry("assistance.referral-gap-noted.v1", new ReferralGapNoted(REFERRAL)),
            Map.entry("assistance.referral-end-noted.v1", new ReferralEndNoted(REFERRAL)),
            Map.entry("assistance.case-closure-noted.v1", new CaseClosureNoted(ClosureReason.NOT_A_VICTIM)),
            Map.entry("assistance.plan-opened.v1", OPENED),
            Map.entry("assistance.service-agreed.v1", AGREED),
            Map.entry(
                    "assistance.service-delivered.v1",
                    new ServiceDelivered(
                            DELIVERY,
                            REFERRAL,
                            OFFER,
                            ServiceType.SAFE_SHELTER,
                            SHELTER,
                            MORNING,
                            3,
                            "a room of her own")),
            Map.entry("assistance.service-ended.v1", new ServiceEnded(REFERRAL, OFFER, ServiceEndReason.COMPLETED)),
            Map.entry("assistance.follow-up-scheduled.v1", SCHEDULED),
            Map.entry("assistance.follow-up-due.v1", new FollowUpCameDue(FOLLOW_UP)),
            Map.entry(
                    "assistance.follow-up-done.v1",
                    new FollowUpDone(FOLLOW_UP, FollowUpOutcome.NEEDS_MORE_HELP, "wants to go home")),
            Map.entry(
                    "assistance.plan-closed.v1",
                    new PlanClosed(ClosureReason.REPATRIATED, List.of(FOLLOW_UP, OTHER_FOLLOW_UP)))));

    @Test
    void every_golden_file_is_read_as_what_it_meant() throws IOException {
        for (var entry : MEANING.entrySet()) {
            int dot = entry.getKey().lastIndexOf(".v");
            PlanEvent read = Plans.TYPES.decode(
                    entry.getKey().substring(0, dot),
                    Integer.parseInt(entry.getKey().substring(dot + 2)),
                    Files.readAllBytes(GOLDEN.resolve(entry.getKey() + ".json")));
            assertThat(read).as(entry.getKey()).isEqualTo(entry.getValue());
        }
    }

    @Test
    void what_is_stored_today_is_the_newest_golden_file_byte_for_byte() throws IOException {
        for (var entry : Plans.TYPES.current().entrySet()) {
            String name = entry.getKey() + ".v" + entry.getValue();
            PlanEvent event = MEANING.get(name);
            assertThat(event).as("a meaning for " + name).isNotNull();
            NewEvent stored = Plans.TYPES.encode(event);
            assertThat(new String(stored.data(), StandardCharsets.UTF_8))
                    .as(name)
                    .isEqualTo(Files.readString(GOLDEN.resolve(name + ".json")).strip());
        }
    }

    @Test
    void every_version_up_to_todays_has_its_golden_file_and_no_file_is_forgotten() throws IOException {
        var expected = new TreeSet<String>();
        Plans.TYPES.current().forEach((type, newest) -> {
            for (int version = 1; version <= newest; version++) {
                expected.add(type + ".v" + version + ".json");
            }
        });
        try (var files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(expected);
        }
        assertThat(MEANING.keySet().stream().map(name -> name + ".json")).containsExactlyElementsOf(expected);
    }
}
