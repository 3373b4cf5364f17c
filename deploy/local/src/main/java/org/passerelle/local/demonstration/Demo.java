package org.passerelle.local.demonstration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.passerelle.local.demonstration.Cast.Person;
import org.passerelle.local.demonstration.Road.Offer;

/**
 * Plays one new case down the whole road and says each step: found, consent, screened, presumed, a need routed, declined,
 * routed again by itself, accepted, planned, delivered, followed up, completed, closed; and at the end the timeline as the
 * ledger has it. Any component may be killed and started again on the way.
 */
public final class Demo {
    /** The steps between which a test may break something; the listener hears each when it is done. */
    public enum Step {
        DETECTED,
        CONSENTED,
        SCREENED,
        PRESUMED,
        NEED_STATED,
        OFFERED,
        DECLINED,
        REROUTED,
        ACCEPTED,
        PLANNED,
        DELIVERED,
        FOLLOWED_UP,
        COMPLETED,
        CLOSED
    }

    /** What was done on the road, to be compared with what the ledger says. */
    public record Played(String caseCode, String referral, List<JsonNode> timeline) {}

    private static final String PLACE = "BI-BM";
    private static final String SERVICE = "MHPSS";
    private static final Set<String> KINDS = Set.of(
            "case-detected",
            "consent-recorded",
            "screened",
            "victim-presumed",
            "need-stated",
            "referral-requested",
            "service-offered",
            "offer-declined",
            "offer-accepted",
            "plan-opened",
            "service-agreed",
            "service-delivered",
            "follow-up-scheduled",
            "follow-up-done",
            "referral-completed",
            "service-ended",
            "plan-closed",
            "case-closed");

    private final PlatformClient platform;
    private final Cast cast = Cast.load();
    private final Telling telling;
    private final Clock clock;
    private final Consumer<Step> listener;
    private final Map<String, Object> person;

    /**
     * @param language fr, es or en
     * @param said hears each sentence
     * @param listener hears each step when it is done
     */
    public Demo(PlatformClient platform, String language, Clock clock, Consumer<String> said, Consumer<Step> listener) {
        this(platform, language, clock, said, listener, Map.of());
    }

    /** @param person personal fields that replace those of the invented person */
    public Demo(
            PlatformClient platform,
            String language,
            Clock clock,
            Consumer<String> said,
            Consumer<Step> listener,
            Map<String, Object> person) {
        this.platform = platform;
        this.telling = new Telling(language, said);
        this.clock = clock;
        this.listener = listener;
        this.person = person;
    }

    /** @param journey names this journey: the same one played again repeats its commands and adds nothing */
    public Played play(String journey) {
        var road = new Road(platform, cast, journey);
        var finder = cast.person("terrain-bujumbura");
        var caseWorker = cast.caseWorker(finder.organisation());
        var code = beFound(road, finder, caseWorker);

        var referral = road.stateNeed(finder, code, SERVICE, "urgent", PLACE);
        telling.say("need", code, telling.word("service", SERVICE));
        listener.accept(Step.NEED_STATED);
        var receiver = find(road, caseWorker, code, referral);

        road.planned(caseWorker, code, referral);
        telling.say("planned", code, name(receiver));
        listener.accept(Step.PLANNED);
        road.closeTooEarly(caseWorker, code)
                .ifPresentOrElse(
                        refusal -> telling.say(
                                "refused", code, refusal.body().path("detail").asText()),
                        () -> {
                            throw new IllegalStateException("Case " + code + " was closed with an open referral");
                        });
        beHelped(road, caseWorker, code, referral, receiver);

        var timeline = road.timeline(caseWorker, code, KINDS);
        tell(code, timeline);
        return new Played(code, referral, timeline);
    }

    private String beFound(Road road, Person finder, Person caseWorker) {
        var code = road.detect(finder, detection());
        telling.say("detected", code, finder.name(), name(finder.organisation()));
        listener.accept(Step.DETECTED);
        road.consent(finder, code, consent());
        telling.say("consented", code);
        listener.accept(Step.CONSENTED);
        var outcomes = road.screen(finder, code, Story.screening("traf"));
        telling.say(
                "screened",
                code,
                outcome(outcomes, "trafficking"),
                outcome(outcomes, "smuggling"),
                outcome(outcomes, "gbv"));
        listener.accept(Step.SCREENED);
        road.presume(caseWorker, code, account());
        telling.say("presumed", code, name(caseWorker.organisation()));
        listener.accept(Step.PRESUMED);
        return code;
    }

    /** @return the organisation that said yes */
    private String find(Road road, Person caseWorker, String code, String referral) {
        var first = offer(road, caseWorker, referral, Set.of());
        telling.say("offered", code, name(first.organisation()));
        listener.accept(Step.OFFERED);
        road.decline(first, referral, "no-capacity");
        telling.say("declined", code, name(first.organisation()));
        listener.accept(Step.DECLINED);
        var second = offer(road, caseWorker, referral, Set.of(first.id()));
        telling.say("rerouted", code, name(second.organisation()));
        listener.accept(Step.REROUTED);
        road.accept(second, referral);
        telling.say("accepted", code, name(second.organisation()));
        listener.accept(Step.ACCEPTED);
        return second.organisation();
    }

    private void beHelped(Road road, Person caseWorker, String code, String referral, String receiver) {
        var now = now();
        road.deliver(receiver, code, referral, SERVICE, now, 1);
        telling.say("delivered", code, name(receiver));
        listener.accept(Step.DELIVERED);
        var followUp = road.scheduleFollowUp(caseWorker, code, now.plus(Duration.ofDays(30)));
        road.followUpDone(caseWorker, code, followUp, "safe");
        telling.say("followedUp", code);
        listener.accept(Step.FOLLOWED_UP);
        road.complete(receiver, referral, "got-help");
        telling.say("completed", code, name(receiver));
        listener.accept(Step.COMPLETED);
        road.closePlan(caseWorker, code, "plan_completed");
        road.closeCase(caseWorker, code, "plan_completed");
        telling.say("closed", code);
        listener.accept(Step.CLOSED);
    }

    private Offer offer(Road road, Person caseWorker, String referral, Set<String> asked) {
        return road.offered(caseWorker, referral, asked).openOffer().orElseThrow();
    }

    private void tell(String code, List<JsonNode> timeline) {
        telling.say("timeline", code, timeline.size());
        for (JsonNode line : timeline) {
            var organisation = line.path("organisation").asText("");
            telling.say(
                    organisation.isEmpty() ? "line" : "lineOf",
                    line.path("time").asText(),
                    line.path("what").asText(),
                    name(organisation));
        }
    }

    private ObjectNode detection() {
        var nodes = JsonNodeFactory.instance;
        var found = nodes.objectNode();
        found.put("at", now().minus(Duration.ofHours(3)).toString());
        found.put("place", PLACE);
        found.put("exactPlace", "arrêt de bus, près du kiosque vert");
        found.put("how", "community");
        var one = nodes.objectNode();
        one.put("givenName", "Espérance");
        one.put("familyName", "Nimbonekeza");
        one.put("age", 24);
        one.put("sex", "Feminine");
        one.set("citizenships", nodes.arrayNode().add("BI"));
        one.set("languages", nodes.arrayNode().add("run").add("fra"));
        var body = nodes.objectNode();
        body.set("found", found);
        body.set("person", one);
        body.put("immediateDanger", "no");
        body.put("account", account());
        person.forEach((field, value) -> {
            var in = body.has(field) ? body : found.has(field) ? found : one;
            in.putPOJO(field, value);
        });
        return body;
    }

    private String account() {
        return String.valueOf(person.getOrDefault("account", telling.text("grounds")));
    }

    private static Map<String, Object> consent() {
        return Map.of(
                "scopes", List.of("services", "non-identifiable-reporting"),
                "recipients", Map.of("any", true, "organisations", List.of()),
                "withheldFrom", Map.of("authorities", false, "organisations", List.of()),
                "obtainedFrom", "person",
                "language", "run");
    }

    private String outcome(JsonNode outcomes, String label) {
        return telling.word("outcome", outcomes.path(label).path("outcome").asText());
    }

    private String name(String organisation) {
        return cast.organisationName(organisation);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
