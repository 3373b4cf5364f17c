package org.passerelle.local.demonstration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.passerelle.local.demonstration.Cast.Person;
import org.passerelle.local.demonstration.Road.Referral;

/** One invented case of {@code cases.json}: how far its person comes, and who answers what on the way. */
final class Story {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonNode script;
    private final Map<String, String> screening;
    private final Instant day;

    private Story(JsonNode script, Map<String, String> screening, LocalDate today) {
        this.script = script;
        this.screening = screening;
        this.day = today.minusDays(script.path("found").path("daysAgo").asLong())
                .atTime(9, 30)
                .toInstant(ZoneOffset.UTC);
    }

    /** @param today the day from which the stories count back */
    static List<Story> all(LocalDate today) {
        var file = Cast.read("cases.json");
        var stories = new ArrayList<Story>();
        for (JsonNode script : file.path("cases")) {
            stories.add(
                    new Story(script, screening(file, script.path("screening").asText()), today));
        }
        return stories;
    }

    /** Answers to the harmonised screening, by the name they have in {@code cases.json}. */
    static Map<String, String> screening(String name) {
        return screening(Cast.read("cases.json"), name);
    }

    private static Map<String, String> screening(JsonNode file, String name) {
        var answers = new TreeMap<String, String>();
        file.path("screenings")
                .path(name)
                .properties()
                .forEach(
                        answer -> answers.put(answer.getKey(), answer.getValue().asText()));
        return answers;
    }

    String name() {
        return script.path("story").asText();
    }

    /** Walks this story; walked again with the same keys it adds nothing. */
    void walk(PlatformClient platform, Cast cast) {
        new Walk(new Road(platform, cast, "demonstration-" + name()), cast).all();
    }

    private ObjectNode detection() {
        var found = NODES.objectNode();
        found.put("at", day.toString());
        found.put("place", place());
        found.put("exactPlace", script.path("found").path("exactPlace").asText());
        found.put("how", script.path("found").path("how").asText());
        var body = NODES.objectNode();
        body.set("found", found);
        body.set("person", script.path("person"));
        body.put("immediateDanger", script.path("immediateDanger").asText());
        if (script.has("account")) {
            body.put("account", script.path("account").asText());
        }
        return body;
    }

    private ObjectNode consent() {
        ObjectNode body = script.path("consent").deepCopy();
        body.set("withheldFrom", NODES.objectNode().put("authorities", false).set("organisations", NODES.arrayNode()));
        body.put("obtainedFrom", script.path("person").path("age").asInt() < 18 ? "guardian" : "person");
        body.put("language", script.path("person").path("languages").path(0).asText());
        return body;
    }

    private String place() {
        return script.path("found").path("place").asText();
    }

    private final class Walk {
        private final Road road;
        private final Cast cast;
        private final Person finder;
        private final Person caseWorker;

        Walk(Road road, Cast cast) {
            this.road = road;
            this.cast = cast;
            this.finder = cast.person(script.path("by").asText());
            this.caseWorker = cast.caseWorker(finder.organisation());
        }

        void all() {
            var code = road.detect(finder, detection());
            var consent = script.has("consent") ? Optional.of(road.consent(finder, code, consent())) : Optional.empty();
            if (script.has("screening")) {
                road.screen(finder, code, screening);
            }
            if (script.path("presumed").asBoolean()) {
                road.presume(caseWorker, code, script.path("account").asText());
            }
            for (JsonNode need : script.path("needs")) {
                walk(need, code);
            }
            switch (script.path("end").asText()) {
                case "withdrawn" -> consent.ifPresent(id -> road.withdrawConsent(caseWorker, code, id.toString()));
                case "closed" -> {
                    road.closePlan(caseWorker, code, "plan_completed");
                    road.closeCase(caseWorker, code, "plan_completed");
                }
                default -> {}
            }
        }

        private void walk(JsonNode need, String code) {
            var id = road.stateNeed(
                    finder,
                    code,
                    need.path("service").asText(),
                    need.path("urgency").asText(),
                    place());
            var asked = new HashSet<String>();
            var referral = road.routed(caseWorker, id, asked);
            Optional<String> receiver = Optional.empty();
            for (JsonNode answer : need.path("answers")) {
                if (referral.openOffer().isEmpty()) {
                    break;
                }
                receiver = answer(answer.asText(), referral);
                asked.add(referral.openOffer().orElseThrow().id());
                if (receiver.isEmpty()) {
                    referral = road.routed(caseWorker, id, asked);
                }
            }
            receiver.ifPresent(organisation -> assist(need, code, id, organisation));
            if (need.path("end").asText().equals("cancelled")) {
                road.cancel(caseWorker, id, "person-declined");
            }
        }

        /** @return the organisation that said yes */
        private Optional<String> answer(String answer, Referral referral) {
            var offer = referral.openOffer().orElseThrow();
            if (answer.startsWith("decline:")) {
                road.decline(offer, referral.id(), answer.substring("decline:".length()));
                return Optional.empty();
            }
            if (answer.equals("telephone")) {
                road.acceptByTelephone(caseWorker, offer, referral.id(), day);
            } else {
                road.accept(offer, referral.id());
            }
            return Optional.of(offer.organisation());
        }

        private void assist(JsonNode need, String code, String referral, String organisation) {
            road.planned(caseWorker, code, referral);
            for (int i = 0; i < need.path("police").size(); i++) {
                road.tellInvestigation(
                        organisation, referral, need.path("police").path(i).asText(), i);
            }
            for (int i = 1; i <= need.path("deliveries").asInt(); i++) {
                road.deliver(
                        organisation, code, referral, need.path("service").asText(), day.plusSeconds(86_400L * i), i);
            }
            if (need.has("followUp")) {
                var followUp = road.scheduleFollowUp(caseWorker, code, today().plusSeconds(86_400L * 14));
                if (need.path("followUp").asText().equals("done")) {
                    road.followUpDone(caseWorker, code, followUp, "safe");
                }
            }
            if (need.path("end").asText().equals("completed")) {
                road.complete(organisation, referral, "got-help");
            }
        }
    }

    private Instant today() {
        return day.plusSeconds(86_400L * script.path("found").path("daysAgo").asLong());
    }
}
