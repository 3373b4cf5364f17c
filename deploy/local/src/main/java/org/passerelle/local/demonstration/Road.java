package org.passerelle.local.demonstration;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.passerelle.local.demonstration.Cast.Person;

/**
 * The steps of one person's road, each a call of the public interfaces. {@code journey} makes the idempotency keys: the
 * same journey walked again repeats its commands instead of doing them twice.
 */
public final class Road {

    /** What a found person's need became, as far as its routing has come. */
    public record Referral(String id, String state, Optional<Offer> openOffer, JsonNode body) {}

    /** An offer that awaits an answer. */
    public record Offer(String id, String organisation) {}

    private final PlatformClient platform;
    private final Cast cast;
    private final String journey;

    public Road(PlatformClient platform, Cast cast, String journey) {
        this.platform = platform;
        this.cast = cast;
        this.journey = journey;
    }

    public String detect(Person finder, JsonNode detection) {
        return platform.command(finder.username(), "/identification/cases", detection, key("detection"))
                .field("caseCode");
    }

    public String consent(Person finder, String code, Object consent) {
        return platform.command(finder.username(), of(code) + "/consents", consent, key("consent"))
                .field("consentId");
    }

    public void withdrawConsent(Person caseWorker, String code, String consentId) {
        platform.change(
                caseWorker.username(),
                of(code) + "/consents/" + consentId + "/withdrawal",
                of(code),
                Map.of(),
                key("withdrawal"));
    }

    /** @return the outcome of each label, with its trace */
    public JsonNode screen(Person finder, String code, Map<String, String> answers) {
        return platform.command(
                        finder.username(),
                        of(code) + "/screenings",
                        Map.of("instrument", "three-element", "version", 1, "answers", answers),
                        key("screening"))
                .body()
                .path("outcomes");
    }

    public void presume(Person caseWorker, String code, String grounds) {
        platform.change(
                caseWorker.username(),
                of(code) + "/presumption",
                of(code),
                Map.of("decidedBy", "NGO", "grounds", grounds),
                key("presumption"));
    }

    /** @return the id of the need, which is the id of its referral too */
    public String stateNeed(Person finder, String code, String service, String urgency, String place) {
        return platform.command(
                        finder.username(),
                        of(code) + "/needs",
                        Map.of("service", service, "urgency", urgency, "place", place),
                        key("need-" + service))
                .field("needId");
    }

    /** Waits until the need was routed to somebody other than those already asked, or to nobody. */
    public Referral routed(Person caseWorker, String referral, Set<String> alreadyAsked) {
        return referral(platform.await(
                        caseWorker.username(),
                        "/referral/referrals/" + referral,
                        "the routing of referral " + referral,
                        body -> settled(referral(body), alreadyAsked))
                .body());
    }

    /**
     * With an open offer that was not seen before. Consent and needs travel apart: a need that comes first is routed
     * again when the consent is there.
     */
    public Referral offered(Person caseWorker, String referral, Set<String> alreadyAsked) {
        return referral(platform.await(
                        caseWorker.username(),
                        "/referral/referrals/" + referral,
                        "an offer of referral " + referral,
                        body -> referral(body)
                                .openOffer()
                                .filter(offer -> !alreadyAsked.contains(offer.id()))
                                .isPresent())
                .body());
    }

    private static boolean settled(Referral referral, Set<String> alreadyAsked) {
        return referral.openOffer()
                .map(offer -> !alreadyAsked.contains(offer.id()))
                .orElse(!Set.of("requested", "offered").contains(referral.state()));
    }

    public JsonNode routing(Person caseWorker, String referral) {
        return platform.read(caseWorker.username(), "/referral/referrals/" + referral + "/routing")
                .body();
    }

    public void accept(Offer offer, String referral) {
        answer(cast.provider(offer.organisation()), referral, "acceptance", Map.of("offerId", offer.id()), offer.id());
    }

    /** Somebody said yes on the telephone; the case worker writes it down. */
    public void acceptByTelephone(Person caseWorker, Offer offer, String referral, Instant at) {
        var call = Map.of(
                "who", cast.provider(offer.organisation()).name(), "number", "+25700000012", "at", at.toString());
        answer(caseWorker, referral, "acceptance", Map.of("offerId", offer.id(), "byTelephone", call), offer.id());
    }

    public void decline(Offer offer, String referral, String reason) {
        answer(
                cast.provider(offer.organisation()),
                referral,
                "decline",
                Map.of("offerId", offer.id(), "reason", reason),
                offer.id());
    }

    public void complete(String organisation, String referral, String outcome) {
        answer(cast.provider(organisation), referral, "completion", Map.of("outcome", outcome), referral);
    }

    /**
     * The police tell how far justice has come.
     *
     * @param told a step, or a step and its reason: {@code refused:insufficient-evidence}
     */
    public void tellInvestigation(String police, String referral, String told, int number) {
        var step = told.split(":", 2);
        var path = "/referral/referrals/" + referral + "/investigation";
        platform.command(
                cast.investigator(police).username(),
                path,
                step.length == 1 ? Map.of("step", step[0]) : Map.of("step", step[0], "reason", step[1]),
                key("investigation-" + number + "-" + referral));
    }

    public void cancel(Person caseWorker, String referral, String reason) {
        answer(caseWorker, referral, "cancellation", Map.of("reason", reason), referral);
    }

    private void answer(Person who, String referral, String what, Object body, String about) {
        var path = "/referral/referrals/" + referral;
        platform.change(who.username(), path + "/" + what, path, body, key(what + "-" + about));
    }

    /** Waits until the accepted service stands in the person's plan. */
    public JsonNode planned(Person reader, String code, String referral) {
        return platform.await(
                        reader.username(),
                        "/assistance/plans/" + code,
                        "the plan of " + code,
                        plan -> PlatformClient.first(
                                        plan.path("services"),
                                        s -> s.path("referralId").asText().equals(referral))
                                .isPresent())
                .body();
    }

    public String deliver(String organisation, String code, String referral, String service, Instant at, int number) {
        return platform.command(
                        cast.provider(organisation).username(),
                        "/assistance/plans/" + code + "/deliveries",
                        Map.of("referralId", referral, "service", service, "deliveredAt", at.toString()),
                        key("delivery-" + number + "-" + referral))
                .field("deliveryId");
    }

    public String scheduleFollowUp(Person caseWorker, String code, Instant dueAt) {
        return platform.command(
                        caseWorker.username(),
                        "/assistance/plans/" + code + "/follow-ups",
                        Map.of("dueAt", dueAt.toString(), "kind", "visit"),
                        key("follow-up"))
                .field("followUpId");
    }

    public void followUpDone(Person caseWorker, String code, String followUp, String outcome) {
        var plan = "/assistance/plans/" + code;
        platform.change(
                caseWorker.username(),
                plan + "/follow-ups/" + followUp + "/outcome",
                plan,
                Map.of("outcome", outcome),
                key("follow-up-outcome"));
    }

    /** Waits until every service of the plan has ended, then closes it. */
    public void closePlan(Person caseWorker, String code, String reason) {
        var plan = "/assistance/plans/" + code;
        closeWhenAllowed(caseWorker, plan + "/closure", plan, reason, "plan-closure");
    }

    /** Closes the case as soon as identification has heard that all its needs are settled. */
    public void closeCase(Person caseWorker, String code, String reason) {
        closeWhenAllowed(caseWorker, of(code) + "/closure", of(code), reason, "closure");
    }

    /** The end of a referral reaches the other services a moment later; until then they refuse to close. */
    private void closeWhenAllowed(Person who, String path, String versioned, String reason, String step) {
        var end = Instant.now().plus(platform.patience());
        while (true) {
            try {
                platform.change(who.username(), path, versioned, Map.of("reason", reason), key(step));
                return;
            } catch (Refused refused) {
                if (refused.answer().status() != 409 || Instant.now().isAfter(end)) {
                    throw refused;
                }
                PlatformClient.pause();
            }
        }
    }

    /** Tries to close although something is still open. @return what the service says about it */
    public Optional<Answer> closeTooEarly(Person caseWorker, String code) {
        try {
            platform.change(
                    caseWorker.username(),
                    of(code) + "/closure",
                    of(code),
                    Map.of("reason", "plan_completed"),
                    key("early-closure"));
            return Optional.empty();
        } catch (Refused refused) {
            return Optional.of(refused.answer());
        }
    }

    /** Waits until the ledger holds all these kinds of events of the case. */
    public List<JsonNode> timeline(Person reader, String code, Set<String> kinds) {
        var body = platform.await(
                        reader.username(),
                        "/reporting/cases/" + code + "/timeline",
                        "the ledger of " + code,
                        ledger -> kinds(ledger).containsAll(kinds))
                .body();
        return body.path("entries").valueStream().toList();
    }

    private static Set<String> kinds(JsonNode ledger) {
        var kinds = new HashSet<String>();
        ledger.path("entries").forEach(entry -> kinds.add(kind(entry)));
        return kinds;
    }

    /** The kind of a ledger's line: {@code offer-declined} for {@code passerelle.referral.offer-declined.v1}. */
    public static String kind(JsonNode entry) {
        var parts = entry.path("type").asText().split("\\.");
        return parts.length > 2 ? parts[2] : parts[0];
    }

    static Referral referral(JsonNode body) {
        var open = PlatformClient.first(
                        body.path("offers"), o -> o.path("state").asText().equals("open"))
                .map(o -> new Offer(
                        o.path("offerId").asText(), o.path("organisation").asText()));
        return new Referral(body.path("referralId").asText(), body.path("state").asText(), open, body);
    }

    private String key(String step) {
        return journey + "/" + step;
    }

    static String of(String code) {
        return "/identification/cases/" + code;
    }
}
