package org.passerelle.identification.casefile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand.EndHandOver;
import org.passerelle.identification.casefile.CaseCommand.NoteAnswerFromAbroad;
import org.passerelle.identification.casefile.CaseCommand.NoteHandOverEnd;
import org.passerelle.identification.casefile.CaseCommand.NoteRefusalFromAbroad;
import org.passerelle.identification.casefile.CaseCommand.NoteWithdrawalHeard;
import org.passerelle.identification.casefile.CaseCommand.RequestHandOver;
import org.passerelle.identification.casefile.CaseCommand.SendHandOver;
import org.passerelle.identification.casefile.CaseEvent.HandOverAnswered;
import org.passerelle.identification.casefile.CaseEvent.HandOverEndNoted;
import org.passerelle.identification.casefile.CaseEvent.HandOverRequested;
import org.passerelle.identification.casefile.CaseEvent.HandOverSent;
import org.passerelle.identification.casefile.CaseEvent.HandOverStopped;
import org.passerelle.identification.casefile.CaseEvent.HandOverWithdrawalHeard;
import org.passerelle.identification.casefile.CaseEvent.HandOverWithdrawn;
import org.passerelle.identification.casefile.CaseFile.Facts;
import org.passerelle.identification.consenting.ConsentId;
import org.passerelle.identification.consenting.Consents;
import org.passerelle.identification.handingover.HandOver;
import org.passerelle.identification.handingover.HandOver.State;
import org.passerelle.identification.handingover.HandOver.Stop;
import org.passerelle.identification.handingover.HandOver.Withdrawal;
import org.passerelle.identification.handingover.Terms;
import org.passerelle.identification.handingover.Verdict;

/** How a case is handed over across a border: nothing leaves without a consent of its own that is alive at that moment. */
final class HandingOver {

    private HandingOver() {}

    static List<CaseEvent> request(RequestHandOver command, Facts facts) {
        if (facts.handOver(command.handOverId()).isPresent()) {
            return List.of();
        }
        CaseDecider.limit(facts.handOvers());
        Consents.Standing consent = facts.consents()
                .find(command.consentId())
                .filter(one -> one.liveAt(command.now()))
                .orElseThrow(() ->
                        Refusal.of("hand-over-without-consent").field("to").conflict());
        Terms terms = consent.consent().handOver();
        if (terms == null || !terms.equals(new Terms(command.to(), command.facts()))) {
            throw Refusal.of("hand-over-without-consent").field("to").conflict();
        }
        if (facts.handOvers().stream().anyMatch(one -> one.to().equals(command.to()) && one.underWay(command.now()))) {
            throw Refusal.of("hand-over-under-way").field("to").conflict();
        }
        return List.of(new HandOverRequested(
                command.handOverId(),
                command.to(),
                command.consentId(),
                terms.facts(),
                command.means(),
                command.file(),
                command.now(),
                command.until()));
    }

    static List<CaseEvent> decide(CaseCommand.OfHandOver command, Facts facts) {
        HandOver handOver = facts.handOver(command.handOverId())
                .orElseThrow(() -> Refusal.of("hand-over-unknown").unknown());
        return switch (command) {
            case RequestHandOver request -> request(request, facts);
            case SendHandOver send -> send(send, handOver, facts);
            case NoteAnswerFromAbroad answer -> answered(answer, handOver, facts);
            case NoteWithdrawalHeard heard -> {
                Withdrawal withdrawal = handOver.withdrawal();
                yield withdrawal == null || withdrawal.heardAt() != null
                        ? List.of()
                        : List.of(new HandOverWithdrawalHeard(handOver.id(), heard.heardAt(), heard.now()));
            }
            case NoteHandOverEnd note -> {
                if (!handOver.ended()) {
                    throw Refusal.of("hand-over-not-ended").conflict();
                }
                yield handOver.endNoted() ? List.of() : List.of(new HandOverEndNoted(handOver.id(), note.now()));
            }
            case EndHandOver end ->
                end.why() == Stop.EXPIRED && handOver.undecided() || handOver.waiting()
                        ? List.of(new HandOverStopped(handOver.id(), end.why(), null, end.now()))
                        : List.of();
            case NoteRefusalFromAbroad refusal ->
                handOver.waiting()
                        ? List.of(new HandOverStopped(handOver.id(), Stop.REFUSED, refusal.problem(), refusal.now()))
                        : List.of();
        };
    }

    /** Whoever says only now that it has the file is told at once what it does not know: the consent was withdrawn. */
    private static List<CaseEvent> answered(NoteAnswerFromAbroad answer, HandOver handOver, Facts facts) {
        if (handOver.known(answer.verdict())) {
            return answer.expired() && handOver.undecided() ? List.of(expired(handOver, answer.now())) : List.of();
        }
        if (answer.expired() && handOver.state() == State.STOPPED && handOver.left()) {
            return List.of();
        }
        List<CaseEvent> events = new ArrayList<>();
        events.add(new HandOverAnswered(handOver.id(), answer.verdict(), answer.reason(), answer.now()));
        if (answer.expired()) {
            events.add(expired(handOver, answer.now()));
        }
        facts.consents()
                .find(handOver.consent())
                .map(Consents.Standing::withdrawnAt)
                .filter(any -> handOver.answered(answer.verdict(), null).toBeTakenBack())
                .ifPresent(at -> events.add(new HandOverWithdrawn(handOver.id(), at)));
        return events;
    }

    private static HandOverStopped expired(HandOver handOver, Instant now) {
        return new HandOverStopped(handOver.id(), Stop.EXPIRED, null, now);
    }

    /**
     * Asked before every attempt, so that a withdrawal stops the next one.
     *
     * @throws Refusal where it may not leave and there is nothing left to stop: what has been received is not given out again
     */
    private static List<CaseEvent> send(SendHandOver command, HandOver handOver, Facts facts) {
        if (handOver.state() == State.STOPPED) {
            return List.of();
        }
        if (handOver.file() == null) {
            return stopped(handOver, Stop.ERASED, command.now());
        }
        boolean consented = facts.consents()
                .find(handOver.consent())
                .map(one -> one.liveAt(command.now()))
                .orElse(false);
        if (!consented) {
            return stopped(handOver, Stop.CONSENT_ENDED, command.now());
        }
        if (!command.now().isBefore(handOver.until())) {
            return stopped(handOver, Stop.EXPIRED, command.now());
        }
        return handOver.state() == State.REQUESTED
                ? List.of(new HandOverSent(handOver.id(), command.means(), command.now()))
                : List.of();
    }

    private static List<CaseEvent> stopped(HandOver handOver, Stop why, Instant now) {
        if (!handOver.waiting()) {
            throw Refusal.of("hand-over-stopped").conflict();
        }
        return stop(handOver, why, now);
    }

    private static List<CaseEvent> stop(HandOver handOver, Stop why, Instant now) {
        return handOver.waiting() ? List.of(new HandOverStopped(handOver.id(), why, null, now)) : List.of();
    }

    /**
     * What a withdrawal brings with it: whatever rests on the consent and has not been taken is not sent any more, and whoever
     * may have it is told.
     */
    static List<CaseEvent> withdrawn(ConsentId consent, Facts facts, Instant now) {
        List<CaseEvent> stops = new ArrayList<>();
        for (HandOver handOver : facts.handOvers()) {
            if (handOver.consent().equals(consent)) {
                stops.addAll(stop(handOver, Stop.CONSENT_ENDED, now));
                if (handOver.toBeTakenBack()) {
                    stops.add(new HandOverWithdrawn(handOver.id(), now));
                }
            }
        }
        return stops;
    }

    /** A hand-over that nobody decides on ends by itself; one that was decided on has no end of its own. */
    static List<DeadlineChange> deadlines(CaseEvent event) {
        if (!(event instanceof CaseEvent.OfHandOver ofHandOver)) {
            return List.of();
        }
        String name = HandOver.deadline(ofHandOver.handOverId());
        return switch (ofHandOver) {
            case HandOverRequested requested -> List.of(DeadlineChange.set(name, requested.until()));
            case HandOverSent sent -> List.of();
            case HandOverStopped stopped -> List.of(DeadlineChange.cancel(name));
            case HandOverAnswered answered ->
                answered.verdict() == Verdict.RECEIVED ? List.of() : List.of(DeadlineChange.cancel(name));
            case HandOverWithdrawn withdrawn -> List.of();
            case HandOverWithdrawalHeard heard -> List.of();
            case HandOverEndNoted noted -> List.of();
        };
    }

    static Facts evolve(Facts facts, CaseEvent.OfHandOver event) {
        return switch (event) {
            case HandOverRequested requested ->
                facts.with(
                        requested.handOverId(),
                        new HandOver(
                                requested.handOverId(),
                                requested.to(),
                                requested.consentId(),
                                requested.facts(),
                                requested.file(),
                                requested.requestedAt(),
                                requested.until(),
                                State.REQUESTED,
                                null,
                                null,
                                false,
                                false));
            case HandOverSent sent ->
                facts.handOver(sent.handOverId())
                        .map(before -> facts.with(before.id(), before.sent()))
                        .orElse(facts);
            case HandOverStopped stopped ->
                facts.handOver(stopped.handOverId())
                        .map(before -> facts.with(before.id(), before.stopped()))
                        .orElse(facts);
            case HandOverAnswered answered ->
                facts.handOver(answered.handOverId())
                        .map(before -> facts.with(before.id(), before.answered(answered.verdict(), answered.reason())))
                        .orElse(facts);
            case HandOverWithdrawn withdrawn ->
                facts.handOver(withdrawn.handOverId())
                        .map(before -> facts.with(before.id(), before.withdrawn(withdrawn.withdrawnAt())))
                        .orElse(facts);
            case HandOverWithdrawalHeard heard ->
                facts.handOver(heard.handOverId())
                        .map(before -> facts.with(before.id(), before.withdrawalHeard(heard.heardAt())))
                        .orElse(facts);
            case HandOverEndNoted noted ->
                facts.handOver(noted.handOverId())
                        .map(before -> facts.with(before.id(), before.noted()))
                        .orElse(facts);
        };
    }
}
