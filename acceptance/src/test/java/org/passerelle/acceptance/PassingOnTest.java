package org.passerelle.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.local.demonstration.Cast;
import org.passerelle.local.demonstration.Cast.Person;
import org.passerelle.local.demonstration.PlatformClient;
import org.passerelle.local.demonstration.Road;
import org.passerelle.local.demonstration.Road.Offer;

/**
 * One provider passes a referral on, the next one sends the person onward and back: what identification-service and
 * assistance-service then show the owner, and each of those who gave a service.
 */
@Tag("road")
class PassingOnTest {
    private static final String PLACE = "BI-BM";

    private final PlatformClient client = RunningPlatform.get().client();
    private final Cast cast = Cast.load();
    private final Road road = new Road(client, cast, RunningPlatform.newKey());
    private final Person owner = cast.person("dossiers-bujumbura");

    @Test
    void whoPassesOnAndWhoSendsOnwardLoseWhatTheyRead_andTheOwnerSeesEachStep() {
        var finder = cast.person("terrain-bujumbura");
        var code = road.detect(finder, Cases.detection(PLACE));
        road.consent(finder, code, Cases.consentToAnybody());
        var medical = road.stateNeed(finder, code, "MEDICAL", "urgent", PLACE);

        var first = accepted(medical, Set.of());
        readsTheSlice(first, code);
        plan(owner, code, plan -> service(plan, medical, first).isObject());

        // a transfer: the same need, somebody else
        change(cast.provider(first.organisation()), medical, "transfer", Map.of("reason", "no-longer-able"));
        var second = accepted(medical, Set.of(first.id()));
        assertThat(second.organisation()).isNotEqualTo(first.organisation());
        awaitStanding(code, medical, second, "providing");
        readsTheSlice(second, code);
        isRefusedTheSlice(first, code);
        assertThat(standings(code, medical)).containsEntry(first.organisation(), "has-provided");
        plan(
                owner,
                code,
                plan -> ended(plan, medical, first).equals("withdrawn")
                        && ended(plan, medical, second).isEmpty());
        seesItsOwnOnly(first, code, medical);
        seesItsOwnOnly(second, code, medical);

        // onward: another need, which the owner's yes states
        change(cast.provider(second.organisation()), medical, "first-contact", Map.of());
        var onward = propose(
                second, medical, Map.of("kind", "onward-referral", "needs", List.of("MHPSS"), "urgency", "urgent"));
        assertThat(needs(code)).as("before the owner's yes there is no need").containsExactly(medical);
        answer(onward, "agreed");
        client.await(
                owner.username(),
                "/identification/cases/" + code,
                "the need of the onward referral",
                body -> body.path("needs").findValuesAsText("needId").contains(onward));
        var third = accepted(onward, Set.of());
        awaitStanding(code, onward, third, "providing");
        readsTheSlice(third, code);
        plan(owner, code, plan -> service(plan, onward, third).isObject());

        // back: what came of it changes nothing at the others; the end of the service does
        road.complete(second.organisation(), medical, "got-help");
        var back =
                propose(second, medical, Map.of("kind", "counter-referral", "needs", List.of(), "outcome", "got-help"));
        answer(back, "acknowledged");
        awaitStanding(code, medical, second, "has-provided");
        if (!second.organisation().equals(third.organisation())) {
            isRefusedTheSlice(second, code);
        }
        readsTheSlice(third, code);
        assertThat(needs(code)).containsExactly(medical, onward);
        plan(
                owner,
                code,
                plan -> ended(plan, medical, second).equals("completed")
                        && ended(plan, onward, third).isEmpty());
        assertThat(openProposals()).doesNotContain(onward, back);
    }

    /** The next one that is asked says yes. */
    private Offer accepted(String referral, Set<String> alreadyAsked) {
        var offer = road.offered(owner, referral, alreadyAsked).openOffer().orElseThrow();
        road.accept(offer, referral);
        return offer;
    }

    private void change(Person who, String referral, String what, Map<String, ?> body) {
        var path = "/referral/referrals/" + referral;
        client.change(who.username(), path + "/" + what, path, body, RunningPlatform.newKey());
    }

    private String propose(Offer by, String referral, Map<String, ?> proposal) {
        return client.command(
                        cast.provider(by.organisation()).username(),
                        "/referral/referrals/" + referral + "/proposals",
                        proposal,
                        RunningPlatform.newKey())
                .field("proposalId");
    }

    private void answer(String proposal, String answer) {
        client.command(
                owner.username(),
                "/referral/proposals/" + proposal + "/answer",
                Map.of("answer", answer),
                RunningPlatform.newKey());
    }

    private List<String> openProposals() {
        return client.read(owner.username(), "/referral/proposals?open=true&limit=500")
                .body()
                .findValuesAsText("proposalId");
    }

    private void readsTheSlice(Offer who, String code) {
        var body = client.await(
                        cast.provider(who.organisation()).username(),
                        "/identification/cases/" + code + "/slice?masked=false",
                        "what was agreed to be told",
                        slice -> true)
                .body();
        assertThat(body.toString()).contains("Fabiola").doesNotContain("fontaine");
    }

    private void isRefusedTheSlice(Offer who, String code) {
        assertThat(client.get(
                                cast.provider(who.organisation()).username(),
                                "/identification/cases/" + code + "/slice?masked=false")
                        .status())
                .isIn(403, 404);
    }

    private List<String> needs(String code) {
        return client.read(owner.username(), "/identification/cases/" + code)
                .body()
                .path("needs")
                .findValuesAsText("needId");
    }

    private void awaitStanding(String code, String need, Offer of, String standing) {
        client.await(
                owner.username(),
                "/identification/cases/" + code,
                standing + " of " + of.organisation(),
                body -> standing.equals(standings(body, need).get(of.organisation())));
    }

    private Map<String, String> standings(String code, String need) {
        return standings(
                client.read(owner.username(), "/identification/cases/" + code).body(), need);
    }

    private static Map<String, String> standings(JsonNode body, String need) {
        var standings = new HashMap<String, String>();
        body.path("needs").forEach(one -> {
            if (one.path("needId").asText().equals(need)) {
                one.path("providers")
                        .forEach(provider -> standings.put(
                                provider.path("organisation").asText(),
                                provider.path("standing").asText()));
            }
        });
        return standings;
    }

    private JsonNode plan(Person reader, String code, Predicate<JsonNode> shows) {
        return client.await(reader.username(), "/assistance/plans/" + code, "the plan of " + code, shows)
                .body();
    }

    /** What it gives or gave, and nobody else's. */
    private void seesItsOwnOnly(Offer who, String code, String referral) {
        var plan = plan(
                cast.provider(who.organisation()),
                code,
                found -> service(found, referral, who).isObject());
        assertThat(plan.path("services")).hasSize(1);
        assertThat(plan.path("followUps").isMissingNode()
                        || plan.path("followUps").isNull())
                .isTrue();
    }

    /** How; empty while it is being given. */
    private static String ended(JsonNode plan, String referral, Offer of) {
        var service = service(plan, referral, of);
        return service.isObject() ? service.path("ended").asText("") : "not there";
    }

    private static JsonNode service(JsonNode plan, String referral, Offer of) {
        for (JsonNode service : plan.path("services")) {
            if (service.path("referralId").asText().equals(referral)
                    && service.path("organisation").asText().equals(of.organisation())) {
                return service;
            }
        }
        return plan.path("none");
    }
}
