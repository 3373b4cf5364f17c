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

/** From the coordination's command to all four services, over the real Kafka. */
@Tag("members")
class SuspendingTest {
    /** For a slow machine; what the product promises is 5 seconds, and what it took is printed. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(100);
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

    private void until(String what, Map<String, Integer> expected) {
        var begin = Instant.now();
        var now = statuses();
        while (!now.equals(expected)) {
            assertThat(Instant.now()).as("still %s", now).isBefore(begin.plus(LIMIT));
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            now = statuses();
        }
        System.out.printf(
                "%s in all four services after %d ms%n",
                what, Duration.between(begin, Instant.now()).toMillis());
    }

    @Test
    void aSuspensionReachesEveryServiceAndItsEndToo() {
        Membership.record(client, cast);
        // Reporting knows no such case; what matters is that it is not forbidden.
        var before = Map.of("identification", 200, "referral", 200, "assistance", 200, "reporting", 404);
        until("on record", before);
        try {
            client.command(
                    "coordination",
                    organisation + "/suspension",
                    Map.of("reason", "security-incident"),
                    RunningPlatform.newKey());
            until("suspended", Map.of("identification", 403, "referral", 403, "assistance", 403, "reporting", 403));
        } finally {
            // The platform is that of the other tests too.
            client.command("coordination", organisation + "/reactivation", Map.of(), RunningPlatform.newKey());
        }
        until("reactivated", before);
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
