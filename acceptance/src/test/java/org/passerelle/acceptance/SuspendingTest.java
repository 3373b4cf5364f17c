package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.local.demonstration.Cast;
import org.passerelle.local.demonstration.Membership;
import org.passerelle.local.demonstration.PlatformClient;

/** From the coordination's command to all four services, over the real Kafka, within 5 seconds. */
@Tag("members")
class SuspendingTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String LOCAL_COORDINATOR = "coordination-nord";
    private static final String PROVIDER = "accueil-solidarite-nord";

    private final PlatformClient client = RunningPlatform.get().client();
    private final Cast cast = Cast.load();
    private final String organisation =
            "/referral/directory/organisations/" + cast.person(PROVIDER).organisation();

    /** One look at each service that the organisation's people may take. */
    private Map<String, Integer> statuses() {
        var statuses = new LinkedHashMap<String, Integer>();
        statuses.put(
                "identification",
                client.get(LOCAL_COORDINATOR, "/identification/cases").status());
        statuses.put(
                "referral",
                client.get(PROVIDER, "/referral/referrals?role=inbox").status());
        statuses.put("assistance", client.get(PROVIDER, "/assistance/plans").status());
        statuses.put(
                "reporting",
                client.get(LOCAL_COORDINATOR, "/reporting/cases/4829-1370-6158").status());
        return statuses;
    }

    private void within5Seconds(Map<String, Integer> expected) {
        var end = Instant.now().plus(LIMIT);
        var now = statuses();
        while (!now.equals(expected)) {
            assertThat(Instant.now()).as("still %s", now).isBefore(end);
            now = statuses();
        }
    }

    @Test
    void aSuspensionReachesEveryServiceAndItsEndToo() {
        Membership.record(client, cast);
        // Reporting knows no such case; what matters is that it is not forbidden.
        var before = Map.of("identification", 200, "referral", 200, "assistance", 200, "reporting", 404);
        within5Seconds(before);
        client.command(
                "coordination",
                organisation + "/suspension",
                Map.of("reason", "security-incident"),
                RunningPlatform.newKey());
        within5Seconds(Map.of("identification", 403, "referral", 403, "assistance", 403, "reporting", 403));
        client.command("coordination", organisation + "/reactivation", Map.of(), RunningPlatform.newKey());
        within5Seconds(before);
    }

    @Test
    void thePeopleOfTheDemonstrationAreOnRecord() {
        Membership.record(client, cast);
        for (Cast.Person person : cast.people()) {
            var members = client.read(
                            "coordination", "/referral/directory/organisations/" + person.organisation() + "/members")
                    .body()
                    .path("members");
            assertThat(members.findValuesAsText("subject")).contains(person.username());
        }
    }
}
