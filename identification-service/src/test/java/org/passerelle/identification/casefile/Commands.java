package org.passerelle.identification.casefile;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.avoiding.Avoidance;
import org.passerelle.identification.avoiding.Avoidance.AvoidedOrganisation;
import org.passerelle.identification.avoiding.Avoidance.AvoidedPlace;
import org.passerelle.identification.avoiding.WhyNot;
import org.passerelle.identification.casefile.CaseCommand.AnswerScreening;
import org.passerelle.identification.casefile.CaseCommand.CloseCase;
import org.passerelle.identification.casefile.CaseCommand.PresumeVictim;
import org.passerelle.identification.casefile.CaseCommand.RecordConsent;
import org.passerelle.identification.casefile.CaseCommand.RecordDetection;
import org.passerelle.identification.casefile.CaseCommand.StateNeed;
import org.passerelle.identification.casefile.CaseEvent.HandOverSent;
import org.passerelle.identification.closing.ClosingReason;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Phone;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.consenting.ConsentId;
import org.passerelle.identification.consenting.Scope;
import org.passerelle.identification.detecting.Found;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.detecting.Sex;
import org.passerelle.identification.erasing.ErasureReason;
import org.passerelle.identification.erasing.HoldId;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.handingover.HandOver;
import org.passerelle.identification.handingover.HandOverId;
import org.passerelle.identification.handingover.Terms;
import org.passerelle.identification.handingover.Verdict;
import org.passerelle.identification.needs.Circumstance;
import org.passerelle.identification.needs.CountryRules;
import org.passerelle.identification.needs.DutyToReport;
import org.passerelle.identification.needs.NeedClocks;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;
import org.passerelle.identification.presuming.Presumption;
import org.passerelle.identification.screening.Answer;
import org.passerelle.identification.screening.Instrument;
import org.passerelle.identification.screening.ScreeningId;
import org.passerelle.identification.screening.rest.Instruments;

/** Commands of an invented case, fixed ones for examples and random ones for properties. */
final class Commands {

    static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    static final CaseCode CODE = CaseCode.numbered(4829137061L);
    static final OrganisationId OWNER = organisation(0);
    static final OrganisationId SHELTER = organisation(1);
    static final OrganisationId CLINIC = organisation(2);
    /** Where the trafficker has reach, and who is in conflict. */
    static final Place FEARED_PLACE = Place.of("BI-NG");

    static final OrganisationId FEARED = organisation(6);
    static final NeedId NEED = new NeedId(new UUID(7, 1));
    static final ConsentId CONSENT = new ConsentId(new UUID(8, 1));
    static final CountryRules COUNTRY = new CountryRules(
            "BI 2026-11-1",
            new NeedClocks(Duration.ofHours(24), Duration.ofHours(72), Duration.ofDays(14)),
            DutyToReport.NONE);
    static final Instrument INSTRUMENT =
            new Instruments().find("three-element", 1).orElseThrow();

    private Commands() {}

    static OrganisationId organisation(int number) {
        return new OrganisationId(new UUID(1, number));
    }

    static RecordDetection detection(Answer immediateDanger, @Nullable Integer age) {
        return new RecordDetection(
                CODE,
                OWNER,
                new Found(NOW.minusSeconds(600), Place.of("BI-BM"), "Derrière la gare routière", Found.How.NGO),
                new Person(
                        "Espérance",
                        "Ndayizeye",
                        null,
                        age,
                        Sex.FEMININE,
                        new Phone("+25779000000"),
                        null,
                        List.of(new Country("BI")),
                        List.of(new Language("run"), new Language("fra"))),
                immediateDanger,
                "Un récit.",
                NOW);
    }

    static RecordDetection detection() {
        return detection(Answer.NO, 24);
    }

    static CaseCommand.Avoid avoiding(Place place, OrganisationId organisation) {
        return avoiding(place, organisation, WhyNot.RUN_BY_SUSPECT, WORKER, NOW);
    }

    static CaseCommand.Avoid avoiding(Place place, OrganisationId organisation, WhyNot why, String by, Instant now) {
        return new CaseCommand.Avoid(
                new Avoidance(
                        0,
                        List.of(new AvoidedPlace(place, by, now)),
                        List.of(new AvoidedOrganisation(organisation, why, by, now))),
                now);
    }

    static RecordConsent consent() {
        return consent(CONSENT, null, Set.of());
    }

    static RecordConsent consent(ConsentId id, @Nullable Instant until, Set<OrganisationId> withheldFrom) {
        return new RecordConsent(new Consent(
                id,
                Set.of(Scope.SERVICES),
                new Consent.Recipients(true, Set.of()),
                new Consent.WithheldFrom(false, withheldFrom),
                until,
                Consent.ObtainedFrom.PERSON,
                new Language("run"),
                NOW));
    }

    static StateNeed need(Urgency urgency) {
        return new StateNeed(
                NEED, ServiceType.SAFE_SHELTER, urgency, Place.of("BI-BM"), null, null, null, null, COUNTRY, NOW);
    }

    static AnswerScreening screening(Map<String, Answer> answers) {
        return new AnswerScreening(new ScreeningId(new UUID(9, 1)), INSTRUMENT, answers, NOW);
    }

    static final String WORKER = "https://login.example 4711";
    static final String SUPERVISOR = "https://login.example 4712";
    static final HoldId HOLD = new HoldId(new UUID(10, 1));

    static CaseCommand erasure() {
        return new CaseCommand.RequestErasure(
                ErasureReason.PERSON_REQUEST, "Loi n° 1/28 du 29 octobre 2014", WORKER, NOW);
    }

    static CaseCommand approval(String by) {
        return new CaseCommand.ApproveErasure(LocalDate.parse("2026-12-20"), by, NOW);
    }

    static CaseCommand hold() {
        return new CaseCommand.PlaceHold(HOLD, "Tribunal de Gitega, RP 12/2026", SUPERVISOR, NOW);
    }

    static CaseCommand lifting() {
        return new CaseCommand.LiftHold(HOLD, SUPERVISOR, NOW);
    }

    private static CaseCommand randomErasure(Random random, Instant now) {
        HoldId hold = new HoldId(new UUID(10, random.nextInt(2)));
        String by = random.nextBoolean() ? WORKER : SUPERVISOR;
        return switch (random.nextInt(6)) {
            case 0, 1 ->
                new CaseCommand.RequestErasure(
                        pick(random, ErasureReason.values()), "loi " + random.nextInt(2), by, now);
            case 2 -> new CaseCommand.ApproveErasure(LocalDate.parse("2026-12-20"), by, now);
            case 3 -> new CaseCommand.RefuseErasure(by, now);
            case 4 -> new CaseCommand.PlaceHold(hold, "tribunal", by, now);
            default -> new CaseCommand.LiftHold(hold, by, now);
        };
    }

    static final ConsentId TO_HAND_OVER = new ConsentId(new UUID(8, 2));

    static RecordConsent consentToHandOver() {
        return new RecordConsent(new Consent(
                TO_HAND_OVER,
                Set.of(Scope.CROSS_BORDER),
                new Consent.Recipients(false, Set.of()),
                new Consent.WithheldFrom(false, Set.of()),
                null,
                Consent.ObtainedFrom.PERSON,
                new Language("run"),
                NOW,
                new Terms(PERU, Set.of(Fact.IDENTITY, Fact.NEEDS))));
    }

    static final Country PERU = new Country("PE");

    static HandOverId handOverId(int number) {
        return new HandOverId(new UUID(13, number));
    }

    static CaseCommand.RequestHandOver handOver(int number) {
        return new CaseCommand.RequestHandOver(
                handOverId(number),
                PERU,
                TO_HAND_OVER,
                Set.of(Fact.IDENTITY, Fact.NEEDS),
                HandOverSent.Means.EXCHANGE,
                "aGVhZA.a2V5.aXY.dGV4dA.dGFn",
                NOW.plus(Duration.ofDays(7)),
                NOW);
    }

    static CaseCommand.SendHandOver sending(int number) {
        return new CaseCommand.SendHandOver(handOverId(number), HandOverSent.Means.EXCHANGE, NOW);
    }

    private static CaseCommand randomHandOver(Random random, Instant now) {
        int number = random.nextInt(3);
        return switch (random.nextInt(8)) {
            case 0 -> consentToHandOver();
            case 1 -> handOver(number);
            case 2 -> new CaseCommand.SendHandOver(handOverId(number), pick(random, HandOverSent.Means.values()), now);
            case 3 ->
                new CaseCommand.NoteAnswerFromAbroad(handOverId(number), pick(random, Verdict.values()), null, now);
            case 4 -> new CaseCommand.EndHandOver(handOverId(number), pick(random, HandOver.Stop.values()), now);
            case 5 -> new CaseCommand.NoteHandOverEnd(handOverId(number), now);
            case 6 -> new CaseCommand.NoteAnswerFromAbroad(handOverId(number), Verdict.RECEIVED, null, true, now);
            default -> new CaseCommand.NoteRefusalFromAbroad(handOverId(number), "problem", now);
        };
    }

    static CloseCase closing(ClosingReason reason) {
        return new CloseCase(reason, false, NOW);
    }

    /** Any command, with few different ids, so that commands meet each other. */
    static CaseCommand random(Random random, Instant now) {
        NeedId need = new NeedId(new UUID(7, random.nextInt(3)));
        OrganisationId organisation = organisation(1 + random.nextInt(3));
        ConsentId consent = new ConsentId(new UUID(8, random.nextInt(3)));
        return switch (random.nextInt(19)) {
            case 0 -> randomDetection(random, now);
            case 1, 2 -> new RecordConsent(randomConsent(random, consent, now));
            case 3 -> new CaseCommand.WithdrawConsent(consent, now);
            case 4 ->
                new AnswerScreening(
                        new ScreeningId(new UUID(9, random.nextInt(3))), INSTRUMENT, randomAnswers(random), now);
            case 5 ->
                new PresumeVictim(new Presumption(
                        pick(random, Presumption.DecidedBy.values()), "motif " + random.nextInt(2), now));
            case 6, 7 ->
                new StateNeed(
                        need,
                        pick(random, ServiceType.values()),
                        pick(random, Urgency.values()),
                        Place.of("BI-GI"),
                        random.nextBoolean() ? null : List.of(new Language("fra")),
                        random.nextBoolean() ? null : List.of(pick(random, Circumstance.values())),
                        null,
                        null,
                        COUNTRY,
                        now);
            case 8 -> new CaseCommand.NoteOffer(need, organisation, now);
            case 9 -> new CaseCommand.NoteAcceptance(need, organisation, now);
            case 10 -> new CaseCommand.NoteOfferEnded(need, organisation, now);
            case 11 -> new CaseCommand.NoteCompletion(need, organisation, now);
            case 12 -> new CaseCommand.NoteCancellation(need, now);
            case 13 -> new CaseCommand.NoteGap(need, now);
            case 14, 15 -> randomErasure(random, now);
            case 16, 17 -> randomHandOver(random, now);
            default -> new CloseCase(pick(random, ClosingReason.values()), random.nextBoolean(), now);
        };
    }

    static RecordDetection randomDetection(Random random, Instant now) {
        boolean dated = random.nextBoolean();
        return new RecordDetection(
                CODE,
                OWNER,
                new Found(
                        now.minusSeconds(random.nextInt(100_000)),
                        Place.of("BI-BM"),
                        random.nextBoolean() ? "Marché de Ruvumera" : null,
                        pick(random, Found.How.values())),
                new Person(
                        random.nextBoolean() ? "Aimé-Césaire «N’zí»" : null,
                        null,
                        dated ? LocalDate.of(1990 + random.nextInt(30), 2, 28) : null,
                        dated || random.nextBoolean() ? null : random.nextInt(90),
                        pick(random, Sex.values()),
                        null,
                        null,
                        List.of(),
                        List.of(new Language("run"))),
                pick(random, Answer.values()),
                null,
                now);
    }

    private static Consent randomConsent(Random random, ConsentId id, Instant now) {
        return new Consent(
                id,
                Set.of(pick(random, Scope.values())),
                new Consent.Recipients(random.nextBoolean(), Set.of(organisation(1 + random.nextInt(3)))),
                new Consent.WithheldFrom(
                        random.nextBoolean(), random.nextBoolean() ? Set.of(organisation(3)) : Set.of()),
                random.nextBoolean() ? null : now.plusSeconds(1 + random.nextInt(1000)),
                pick(random, Consent.ObtainedFrom.values()),
                new Language("run"),
                now);
    }

    private static Map<String, Answer> randomAnswers(Random random) {
        Map<String, Answer> answers = new HashMap<>();
        for (String question : INSTRUMENT.questionCodes().stream().sorted().toList()) {
            if (random.nextInt(4) > 0) {
                answers.put(question, pick(random, Answer.values()));
            }
        }
        return answers;
    }

    static <T> T pick(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }
}
