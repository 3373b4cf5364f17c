package org.passerelle.reporting;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.passerelle.reporting.ledger.Entry;
import org.passerelle.reporting.ledger.Facts;

/** A case as the three services would tell it; each event a minute after the one before, unless told otherwise. */
public final class ToldCase {
    public static final String OWNER = "6f1c2a52-3f0e-4f0b-9a77-0b9d1c8a1e01";
    public static final String SHELTER = "0d9b4c7e-5a1d-4d2f-8c43-2f6a7be0a202";
    public static final String CLINIC = "b1f5a0d3-77c2-4a7e-9a55-93f4c1d7c303";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String code;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private Instant now;

    public ToldCase(String code, Instant start) {
        this.code = code;
        this.now = start;
    }

    public String code() {
        return code;
    }

    /** When the last event was recorded. */
    public Instant now() {
        return now;
    }

    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** The entries of one service, in its own order. */
    public List<Entry> of(String service) {
        return entries.stream().filter(entry -> entry.service().equals(service)).toList();
    }

    public ToldCase after(Duration time) {
        now = now.plus(time);
        return this;
    }

    /** Tells an event, e.g. {@code tell("identification.screened", "{…}")}; single quotes stand for double ones. */
    public ToldCase tell(String type, String data) {
        now = now.plus(Duration.ofMinutes(1));
        String service = type.substring(0, type.indexOf('.'));
        String source = "/passerelle/" + service + "/e1";
        long sequence = sequences.merge(source, 1L, Long::sum);
        JsonNode json = parsed(data);
        entries.add(new Entry(
                code,
                source,
                sequence,
                now,
                "passerelle." + type + ".v1",
                Facts.organisationIn(json),
                Facts.referralIn(json),
                Facts.serviceIn(json),
                json.toString()));
        return this;
    }

    public ToldCase detected(String place) {
        return tell(
                "identification.case-detected",
                "{'ownerOrganisation':'%s','place':'%s','foundAt':'%s'}".formatted(OWNER, place, now));
    }

    public ToldCase consented(String consent, String until) {
        return tell(
                "identification.consent-recorded",
                ("{'consentId':'%s','scopes':['services'],'recipients':{'any':true,'organisations':[]},"
                                + "'withheldFrom':{'authorities':true,'organisations':['%s']},'validUntil':%s}")
                        .formatted(consent, CLINIC, until));
    }

    public ToldCase screened() {
        return tell(
                "identification.screened", "{'screeningId':'s1','instrument':'three-element','instrumentVersion':1}");
    }

    public ToldCase presumed() {
        return tell("identification.victim-presumed", "{'decidedBy':'NGO'}");
    }

    public ToldCase need(String need) {
        return tell(
                "identification.need-stated",
                ("{'needId':'%s','ownerOrganisation':'%s','service':'SAFE_SHELTER','urgency':'urgent','place':'BI-BM',"
                                + "'age':16,'child':true,'sex':'Feminine','languages':['fra'],"
                                + "'circumstances':['pregnant'],'statedAt':'%s','dueAt':'%s'}")
                        .formatted(need, OWNER, now, now.plus(Duration.ofHours(72))));
    }

    public ToldCase requested(String need) {
        return tell(
                "referral.referral-requested",
                ("{'referralId':'%s','service':'SAFE_SHELTER','urgency':'urgent','place':'BI-BM','dueAt':'%s',"
                                + "'requestedBy':'%s'}")
                        .formatted(need, now.plus(Duration.ofHours(72)), OWNER));
    }

    public ToldCase offered(String need, String offer, String organisation) {
        return tell(
                "referral.service-offered",
                ("{'referralId':'%s','offerId':'%s','organisation':'%s','serviceId':'sv1','service':'SAFE_SHELTER',"
                                + "'answerBy':'%s','requestedBy':'%s'}")
                        .formatted(need, offer, organisation, now.plus(Duration.ofHours(24)), OWNER));
    }

    public ToldCase accepted(String need, String offer, String organisation) {
        return tell(
                "referral.offer-accepted",
                ("{'referralId':'%s','offerId':'%s','organisation':'%s','serviceId':'sv1','service':'SAFE_SHELTER',"
                                + "'channel':'telephone','requestedBy':'%s'}")
                        .formatted(need, offer, organisation, OWNER));
    }

    public ToldCase over(String how, String need, String offer, String organisation) {
        return tell(
                "referral.offer-" + how,
                "{'referralId':'%s','offerId':'%s','organisation':'%s','reason':'no-capacity','requestedBy':'%s'}"
                        .formatted(need, offer, organisation, OWNER));
    }

    public ToldCase completed(String need, String organisation) {
        return tell(
                "referral.referral-completed",
                "{'referralId':'%s','organisation':'%s','outcome':'got-help','requestedBy':'%s'}"
                        .formatted(need, organisation, OWNER));
    }

    public ToldCase planOpened() {
        return tell("assistance.plan-opened", "{'requestedBy':'%s'}".formatted(OWNER));
    }

    public ToldCase agreed(String need, String organisation) {
        return tell(
                "assistance.service-agreed",
                "{'referralId':'%s','service':'SAFE_SHELTER','organisation':'%s'}".formatted(need, organisation));
    }

    public ToldCase delivered(String need, String organisation) {
        return tell(
                "assistance.service-delivered",
                "{'deliveryId':'d1','referralId':'%s','service':'SAFE_SHELTER','organisation':'%s','deliveredAt':'%s'}"
                        .formatted(need, organisation, now));
    }

    public ToldCase planClosed() {
        return tell("assistance.plan-closed", "{'reason':'plan_completed'}");
    }

    public ToldCase closed() {
        return tell("identification.case-closed", "{'reason':'plan_completed'}");
    }

    /** From found to safe, with one provider that declines and one that accepts by telephone. */
    public static ToldCase wholeRoad(String code, Instant start) {
        return new ToldCase(code, start)
                .detected("BI-BM")
                .consented("c1", "null")
                .screened()
                .presumed()
                .need("n1")
                .requested("n1")
                .offered("n1", "o1", CLINIC)
                .over("declined", "n1", "o1", CLINIC)
                .offered("n1", "o2", SHELTER)
                .accepted("n1", "o2", SHELTER)
                .planOpened()
                .agreed("n1", SHELTER)
                .delivered("n1", SHELTER)
                .completed("n1", SHELTER)
                .tell("assistance.service-ended", "{'referralId':'n1','reason':'completed'}")
                .tell("assistance.follow-up-scheduled", "{'followUpId':'f1','dueAt':'2026-12-20T09:00:00Z'}")
                .tell("assistance.follow-up-due", "{'followUpId':'f1'}")
                .tell("assistance.follow-up-done", "{'followUpId':'f1','outcome':'safe'}")
                .planClosed()
                .closed();
    }

    /** The case's entries arriving in an order that keeps only each topic's own. */
    public List<Entry> arrivingAnyhow(Random random) {
        List<ArrayDeque<Entry>> topics = Stream.of("identification", "referral", "assistance")
                .map(service -> new ArrayDeque<>(of(service)))
                .toList();
        List<Entry> arrived = new ArrayList<>();
        while (arrived.size() < entries.size()) {
            ArrayDeque<Entry> topic = topics.get(random.nextInt(topics.size()));
            if (!topic.isEmpty()) {
                arrived.add(topic.removeFirst());
            }
        }
        return arrived;
    }

    private static JsonNode parsed(String data) {
        try {
            return JSON.readTree(data.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(data, e);
        }
    }
}
