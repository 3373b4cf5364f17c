package org.passerelle.identification.casefile;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand.AnswerScreening;
import org.passerelle.identification.casefile.CaseCommand.Avoid;
import org.passerelle.identification.casefile.CaseCommand.CloseCase;
import org.passerelle.identification.casefile.CaseCommand.LiftAvoidance;
import org.passerelle.identification.casefile.CaseCommand.PresumeVictim;
import org.passerelle.identification.casefile.CaseCommand.RecordConsent;
import org.passerelle.identification.casefile.CaseCommand.RecordDetection;
import org.passerelle.identification.casefile.CaseCommand.ReferralNews;
import org.passerelle.identification.casefile.CaseCommand.RequestHandOver;
import org.passerelle.identification.casefile.CaseCommand.StateAvoiding;
import org.passerelle.identification.casefile.CaseCommand.StateNeed;
import org.passerelle.identification.casefile.CaseCommand.StatePackage;
import org.passerelle.identification.casefile.CaseCommand.WithdrawConsent;
import org.passerelle.identification.casefile.CaseEvent.AvoidanceChanged;
import org.passerelle.identification.casefile.CaseEvent.CaseClosed;
import org.passerelle.identification.casefile.CaseEvent.ConsentRecorded;
import org.passerelle.identification.casefile.CaseEvent.ConsentWithdrawn;
import org.passerelle.identification.casefile.CaseEvent.DetectionRecorded;
import org.passerelle.identification.casefile.CaseEvent.NeedReopened;
import org.passerelle.identification.casefile.CaseEvent.NeedSettled;
import org.passerelle.identification.casefile.CaseEvent.NeedStated;
import org.passerelle.identification.casefile.CaseEvent.ProviderEngaged;
import org.passerelle.identification.casefile.CaseEvent.ProviderOffered;
import org.passerelle.identification.casefile.CaseEvent.ProviderReleased;
import org.passerelle.identification.casefile.CaseEvent.ScreeningRecorded;
import org.passerelle.identification.casefile.CaseEvent.UrgentRisksRaised;
import org.passerelle.identification.casefile.CaseEvent.UrgentRisksRaised.RaisedBy;
import org.passerelle.identification.casefile.CaseEvent.VictimPresumed;
import org.passerelle.identification.casefile.CaseFile.Closed;
import org.passerelle.identification.casefile.CaseFile.Facts;
import org.passerelle.identification.casefile.CaseFile.Open;
import org.passerelle.identification.casefile.CaseFile.Unrecorded;
import org.passerelle.identification.closing.ClosingReason;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.consenting.Consents;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.needs.Accompanying;
import org.passerelle.identification.needs.CountryRules;
import org.passerelle.identification.needs.Leg;
import org.passerelle.identification.needs.Need;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.providing.Provision.Standing;
import org.passerelle.identification.screening.Answer;
import org.passerelle.identification.screening.Assessing;
import org.passerelle.identification.screening.Assessment;
import org.passerelle.identification.screening.UrgentRisk;

/** The life of a case. */
public final class CaseDecider implements Decider<CaseCommand, CaseFile, CaseEvent> {

    /** No case needs more of a kind than this; a client in a loop must not fill a stream. */
    static final int MOST_OF_A_KIND = 200;

    /** How it is refused. */
    public static final String TOO_MANY = "too-many";

    /** Phones without network keep their own time; a detection must not be lost for that. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    @Override
    public CaseFile initial() {
        return new Unrecorded();
    }

    /** @throws Refusal with the code of a text in {@code problems_*.properties} */
    @Override
    public List<CaseEvent> decide(CaseCommand command, CaseFile file) {
        return switch (command) {
            case RecordDetection detection -> record(detection, file);
            case RecordConsent consent -> record(consent, file);
            case WithdrawConsent withdrawal -> withdraw(withdrawal, recorded(file));
            case AnswerScreening screening -> screen(screening, file);
            case PresumeVictim presumption -> presume(presumption, file);
            case StateNeed need -> state(need, file);
            case StatePackage all -> state(all, file);
            case Avoid avoid -> Avoiding.avoid(avoid, open(file));
            case LiftAvoidance lifting -> Avoiding.lift(lifting, open(file));
            case StateAvoiding both ->
                Avoiding.first(Avoiding.avoid(both.avoid(), open(file)), decide(both.stated(), file));
            case ReferralNews news -> Following.decide(news, recorded(file));
            case CloseCase closing -> close(closing, file);
            case RequestHandOver handOver -> HandingOver.request(handOver, open(file));
            case CaseCommand.OfHandOver handOver -> HandingOver.decide(handOver, recorded(file));
            case CaseCommand.OfErasure erasure -> Erasing.decide(erasure, recorded(file), file instanceof Closed);
        };
    }

    private static List<CaseEvent> record(RecordDetection command, CaseFile file) {
        if (command.found().at().isAfter(command.now().plus(CLOCK_SKEW))) {
            throw Refusal.of("found-in-the-future").field("found.at").invalid();
        }
        LocalDate birthDate = command.person().birthDate();
        if (birthDate != null
                && birthDate.isAfter(LocalDate.ofInstant(command.found().at(), ZoneOffset.UTC))) {
            throw Refusal.of("born-after-found").field("person.birthDate").invalid();
        }
        DetectionRecorded detected = new DetectionRecorded(
                command.code(),
                command.owner(),
                command.found(),
                command.person(),
                command.immediateDanger(),
                command.account(),
                command.now());
        return switch (file) {
            case Unrecorded unrecorded -> withRisk(detected);
            case Open open -> sameDetection(open.facts(), detected);
            case Closed closed -> sameDetection(closed.facts(), detected);
        };
    }

    private static List<CaseEvent> withRisk(DetectionRecorded detected) {
        return detected.immediateDanger() == Answer.YES
                ? List.of(
                        detected,
                        new UrgentRisksRaised(
                                List.of(UrgentRisk.IMMEDIATE_DANGER), RaisedBy.DETECTION, detected.recordedAt()))
                : List.of(detected);
    }

    private static List<CaseEvent> sameDetection(Facts facts, DetectionRecorded detected) {
        if (facts.detection().equals(detected)) {
            return List.of();
        }
        throw Refusal.of("case-code-taken").conflict();
    }

    private static List<CaseEvent> record(RecordConsent command, CaseFile file) {
        Consent consent = command.consent();
        Facts facts = recorded(file);
        if (facts.consents().find(consent.id()).isPresent()) {
            return List.of();
        }
        open(file);
        limit(facts.consents().all());
        if (consent.validUntil() != null && !consent.validUntil().isAfter(consent.recordedAt())) {
            throw Refusal.of("consent-already-over").field("validUntil").invalid();
        }
        if (consent.scopes().isEmpty()) {
            throw Refusal.of("consent-without-scope").field("scopes").invalid();
        }
        if (consent.withheldFrom().organisations().contains(facts.detection().owner())) {
            throw Refusal.of("owner-cannot-be-withheld-from")
                    .field("withheldFrom.organisations")
                    .invalid();
        }
        if (!consent.handsOverOnItsOwn()) {
            throw Refusal.of("hand-over-needs-its-own-consent")
                    .field("handOver")
                    .invalid();
        }
        return List.of(new ConsentRecorded(consent));
    }

    private static List<CaseEvent> withdraw(WithdrawConsent command, Facts facts) {
        Consents.Standing standing = facts.consents()
                .find(command.consentId())
                .orElseThrow(
                        () -> Refusal.of("consent-unknown").field("consentId").unknown());
        if (standing.withdrawnAt() != null) {
            return List.of();
        }
        List<CaseEvent> events = new ArrayList<>();
        events.add(new ConsentWithdrawn(command.consentId(), command.now()));
        events.addAll(HandingOver.withdrawn(command.consentId(), facts, command.now()));
        return events;
    }

    private static List<CaseEvent> screen(AnswerScreening command, CaseFile file) {
        Facts facts = recorded(file);
        if (facts.screenings().stream().anyMatch(one -> one.screeningId().equals(command.screeningId()))) {
            return List.of();
        }
        open(file);
        limit(facts.screenings());
        Map<String, Answer> answers = new TreeMap<>();
        for (String question : command.instrument().questionCodes()) {
            answers.put(question, command.answers().getOrDefault(question, Answer.UNKNOWN));
        }
        for (String question : command.answers().keySet()) {
            if (!answers.containsKey(question)) {
                throw Refusal.of("question-unknown")
                        .field("answers." + question)
                        .with(question)
                        .invalid();
            }
        }
        Assessment assessment =
                Assessing.assess(command.instrument(), answers, facts.ageAt(command.now()), Person.ADULT_AGE);
        List<CaseEvent> events = new ArrayList<>();
        events.add(new ScreeningRecorded(
                command.screeningId(),
                command.instrument().id(),
                command.instrument().version(),
                answers,
                assessment,
                command.now()));
        if (!assessment.urgentRisks().isEmpty()) {
            events.add(new UrgentRisksRaised(assessment.urgentRisks(), RaisedBy.SCREENING, command.now()));
        }
        return events;
    }

    private static List<CaseEvent> presume(PresumeVictim command, CaseFile file) {
        Facts facts = recorded(file);
        boolean said = facts.presumptions().stream()
                .anyMatch(one -> one.decidedBy() == command.presumption().decidedBy()
                        && one.grounds().equals(command.presumption().grounds()));
        if (said) {
            return List.of();
        }
        open(file);
        limit(facts.presumptions());
        return List.of(new VictimPresumed(command.presumption()));
    }

    private static List<CaseEvent> state(StateNeed command, CaseFile file) {
        Facts facts = recorded(file);
        if (facts.need(command.needId()).isPresent()) {
            return List.of();
        }
        open(file);
        limit(facts.needs());
        return List.of(stated(command, facts));
    }

    private static List<CaseEvent> state(StatePackage command, CaseFile file) {
        Facts facts = recorded(file);
        if (facts.need(command.legs().getFirst().needId()).isPresent()) {
            return List.of();
        }
        open(file);
        if (facts.needs().size() + command.legs().size() > MOST_OF_A_KIND) {
            throw Refusal.of(TOO_MANY).with(MOST_OF_A_KIND).conflict();
        }
        Map<NeedId, Leg> legs = new HashMap<>();
        command.legs().forEach(need -> legs.put(need.needId(), Objects.requireNonNull(need.leg())));
        Leg.requireAnOrder(legs);
        return command.legs().stream()
                .map(need -> (CaseEvent) stated(need, facts))
                .toList();
    }

    private static NeedStated stated(StateNeed command, Facts facts) {
        Accompanying accompanying = command.accompanying();
        // The law that has a child reported is about the child: it must not open who the person of the case is.
        CountryRules country =
                accompanying == null ? command.country() : command.country().withoutDuty();
        StateNeed.Begun begun = command.begun();
        Need need = Need.stated(
                        command.needId(),
                        command.service(),
                        command.urgency(),
                        command.place(),
                        accompanying == null ? facts.treatedAsChildAt(command.now()) : accompanying.isChild(),
                        begun == null ? command.now() : begun.statedAt(),
                        country)
                .dueNoLaterThan(begun == null ? null : begun.dueAt());
        return new NeedStated(
                accompanying == null ? need : need.ofSomebodyElse(),
                facts.detection().owner(),
                accompanying == null ? facts.ageAt(command.now()) : (Integer) accompanying.age(),
                accompanying == null ? facts.treatedAsChildAt(command.now()) : accompanying.isChild(),
                accompanying == null ? facts.detection().person().sex() : accompanying.sex(),
                command.languages(),
                command.circumstances(),
                command.leg());
    }

    private static List<CaseEvent> close(CloseCase command, CaseFile file) {
        if (file instanceof Closed closed && closed.reason() == command.reason()) {
            return List.of();
        }
        Facts facts = open(file);
        List<Need> unmet = facts.needsUnmet();
        if (!unmet.isEmpty()) {
            throw Refusal.of("needs-unsettled")
                    .with(
                            unmet.size(),
                            unmet.stream()
                                    .map(need -> need.service() + " (" + need.id() + ")")
                                    .collect(Collectors.joining(", ")))
                    .conflict();
        }
        if (command.reason() == ClosingReason.NOT_A_VICTIM && !command.mayDecideNegatively()) {
            throw Refusal.of("not-yours-to-decide").field("reason").conflict();
        }
        return List.of(new CaseClosed(command.reason(), command.now()));
    }

    private static Facts recorded(CaseFile file) {
        return switch (file) {
            case Unrecorded unrecorded -> throw Refusal.of("case-unknown").unknown();
            case Open open -> open.facts();
            case Closed closed -> closed.facts();
        };
    }

    private static Facts open(CaseFile file) {
        return switch (file) {
            case Unrecorded unrecorded -> throw Refusal.of("case-unknown").unknown();
            case Open open -> open.facts();
            case Closed closed -> throw Refusal.of("case-closed").conflict();
        };
    }

    static void limit(List<?> ofAKind) {
        if (ofAKind.size() >= MOST_OF_A_KIND) {
            throw Refusal.of(TOO_MANY).with(MOST_OF_A_KIND).conflict();
        }
    }

    @Override
    public CaseFile evolve(CaseFile file, CaseEvent event) {
        if (event instanceof DetectionRecorded detected) {
            return new Open(Facts.of(detected));
        }
        Facts facts = recorded(file);
        return switch (event) {
            case DetectionRecorded detected -> new Open(Facts.of(detected));
            case CaseClosed closed -> new Closed(facts, closed.reason(), closed.closedAt());
            case UrgentRisksRaised raised -> put(file, facts.plus(raised.risks()));
            case ConsentRecorded consent ->
                put(file, facts.with(facts.consents().with(consent.consent())));
            case ConsentWithdrawn withdrawn ->
                put(file, facts.with(facts.consents().withdrawn(withdrawn.consentId(), withdrawn.withdrawnAt())));
            case ScreeningRecorded screening -> put(file, facts.plus(screening));
            case VictimPresumed presumed -> put(file, facts.plus(presumed.presumption()));
            case AvoidanceChanged changed -> put(file, Avoiding.evolve(facts, changed));
            case NeedStated stated -> put(file, facts.plus(stated.need()));
            case NeedSettled settled -> put(file, facts.settled(settled.needId(), settled.settlement()));
            case NeedReopened reopened -> put(file, facts.settled(reopened.needId(), null));
            case ProviderOffered offered ->
                put(file, Following.stand(facts, offered.needId(), offered.organisation(), Standing.OFFERED));
            case ProviderEngaged engaged ->
                put(file, Following.stand(facts, engaged.needId(), engaged.organisation(), Standing.PROVIDING));
            case ProviderReleased released -> put(file, Following.release(facts, released));
            case CaseEvent.OfHandOver handOver -> put(file, HandingOver.evolve(facts, handOver));
            case CaseEvent.OfErasure erasure -> put(file, Erasing.evolve(facts, erasure));
        };
    }

    private static CaseFile put(CaseFile file, Facts facts) {
        return switch (file) {
            case Unrecorded unrecorded -> new Open(facts);
            case Open open -> new Open(facts);
            case Closed closed -> new Closed(facts, closed.reason(), closed.closedAt());
        };
    }
}
