package org.passerelle.identification.arriving;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.arriving.Arrival.Accepted;
import org.passerelle.identification.arriving.Arrival.Declined;
import org.passerelle.identification.arriving.Arrival.Expired;
import org.passerelle.identification.arriving.Arrival.Unknown;
import org.passerelle.identification.arriving.Arrival.Waiting;
import org.passerelle.identification.arriving.Arrival.Withdrawn;
import org.passerelle.identification.arriving.Arrival.WithdrawnBefore;
import org.passerelle.identification.arriving.ArrivalCommand.AcceptArrival;
import org.passerelle.identification.arriving.ArrivalCommand.DeclineArrival;
import org.passerelle.identification.arriving.ArrivalCommand.EndArrival;
import org.passerelle.identification.arriving.ArrivalCommand.NoteWithdrawal;
import org.passerelle.identification.arriving.ArrivalCommand.TakeIn;
import org.passerelle.identification.arriving.ArrivalCommand.TellOfArrival;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalAccepted;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalDeclined;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalExpired;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalOverdue;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalOverdue.Told;
import org.passerelle.identification.arriving.ArrivalEvent.ArrivalWithdrawn;
import org.passerelle.identification.arriving.ArrivalEvent.HandOverArrived;
import org.passerelle.identification.codes.Country;

/** An arrival comes once, is answered once, and then opens a case of its own or is nobody's any more. */
public final class ArrivalDecider implements Decider<ArrivalCommand, Arrival, ArrivalEvent> {

    private static final int MOST_DOUBLINGS = 12;

    private static final Duration SELDOMEST = Duration.ofDays(7);

    @Override
    public Arrival initial() {
        return new Unknown();
    }

    /** @throws Refusal with the code of a text in {@code problems_*.properties} */
    @Override
    public List<ArrivalEvent> decide(ArrivalCommand command, Arrival arrival) {
        return switch (command) {
            case TakeIn come ->
                switch (arrival) {
                    case Unknown unknown -> List.of(come.arrived());
                    case Waiting waiting -> again(come.arrived(), waiting.arrived());
                    case Accepted accepted -> again(come.arrived(), accepted.arrived());
                    case Expired expired -> again(come.arrived(), expired.arrived());
                    case Declined declined -> again(come.arrived(), declined.arrived());
                    case WithdrawnBefore said -> {
                        if (said.heardAt().containsKey(come.arrived().from())) {
                            throw Refusal.of("arrival-withdrawn").field("jti").conflict();
                        }
                        yield List.of(come.arrived());
                    }
                    case Withdrawn withdrawn -> again(come.arrived(), withdrawn.arrived());
                };
            case AcceptArrival accept -> {
                HandOverArrived arrived = waiting(arrival);
                if (!accept.now().isBefore(arrived.until())) {
                    throw Refusal.of("arrival-expired").conflict();
                }
                yield List.of(new ArrivalAccepted(arrived.handOverId(), accept.caseCode(), accept.now()));
            }
            case DeclineArrival decline ->
                arrival instanceof Declined declined && declined.reason() == decline.reason()
                        ? List.of()
                        : List.of(new ArrivalDeclined(waiting(arrival).handOverId(), decline.reason(), decline.now()));
            case NoteWithdrawal withdrawal ->
                switch (arrival) {
                    case Unknown unknown -> withdrawn(withdrawal);
                    case Waiting waiting -> withdrawn(withdrawal, waiting.arrived());
                    case Accepted accepted -> withdrawn(withdrawal, accepted.arrived());
                    case Expired expired -> withdrawn(withdrawal, expired.arrived());
                    // Its file was destroyed then.
                    case Declined declined -> about(withdrawal, declined.arrived(), List.of());
                    case WithdrawnBefore said ->
                        said.heardAt().containsKey(withdrawal.from()) ? List.of() : withdrawn(withdrawal);
                    case Withdrawn before -> of(withdrawal, before.arrived().from(), List.of());
                };
            case EndArrival end ->
                arrival instanceof Waiting waiting
                        ? List.of(new ArrivalExpired(waiting.arrived().handOverId(), end.now()))
                        : List.of();
            case TellOfArrival tell -> arrival instanceof Waiting waiting ? overdue(waiting, tell.now()) : List.of();
        };
    }

    /** The desk, half its time later the supervisor, then the coordination, each time after twice as long. */
    private static List<ArrivalEvent> overdue(Waiting waiting, Instant now) {
        HandOverArrived arrived = waiting.arrived();
        if (now.isBefore(waiting.nextAt()) || !now.isBefore(arrived.until())) {
            return List.of();
        }
        Duration half = Duration.between(arrived.arrivedAt(), arrived.running().answerBy())
                .dividedBy(2);
        Duration wait = half.multipliedBy(1L << Math.min(waiting.told(), MOST_DOUBLINGS));
        Told told = waiting.told() == 0 ? Told.DESK : waiting.told() == 1 ? Told.SUPERVISOR : Told.COORDINATOR;
        return List.of(new ArrivalOverdue(
                arrived.handOverId(), told, now.plus(wait.compareTo(SELDOMEST) > 0 ? SELDOMEST : wait), now));
    }

    private static List<ArrivalEvent> withdrawn(NoteWithdrawal said) {
        return List.of(new ArrivalWithdrawn(said.handOverId(), said.from(), said.withdrawnAt(), said.now()));
    }

    private static List<ArrivalEvent> withdrawn(NoteWithdrawal said, HandOverArrived arrived) {
        return about(said, arrived, withdrawn(said));
    }

    /** Only whoever handed over, and what it handed over. */
    private static List<ArrivalEvent> about(NoteWithdrawal said, HandOverArrived arrived, List<ArrivalEvent> events) {
        String digest = said.digest();
        if (digest != null && !digest.equals(arrived.digest())) {
            throw Refusal.of("exchange-misdirected").field("content.digest").invalid();
        }
        return of(said, arrived.from(), events);
    }

    private static List<ArrivalEvent> of(NoteWithdrawal said, Country from, List<ArrivalEvent> events) {
        if (!said.from().equals(from)) {
            throw Refusal.of("exchange-misdirected").field("content.handOver").invalid();
        }
        return events;
    }

    /** The same file again is the same arrival; another file under the same id is somebody's mistake, or a trick. */
    private static List<ArrivalEvent> again(HandOverArrived now, HandOverArrived before) {
        if (now.digest().equals(before.digest()) && now.from().equals(before.from())) {
            return List.of();
        }
        throw Refusal.of("exchange-replayed").field("jti").conflict();
    }

    /** What the desk may still answer; what has expired it can only decline. */
    private static HandOverArrived waiting(Arrival arrival) {
        return switch (arrival) {
            case Unknown unknown -> throw Refusal.of("unknown-or-ended").unknown();
            case WithdrawnBefore said -> throw Refusal.of("arrival-withdrawn").conflict();
            case Waiting waiting -> waiting.arrived();
            case Expired expired -> expired.arrived();
            case Accepted accepted -> throw Refusal.of("arrival-answered").conflict();
            case Declined declined -> throw Refusal.of("arrival-answered").conflict();
            case Withdrawn withdrawn -> throw Refusal.of("arrival-withdrawn").conflict();
        };
    }

    @Override
    public Arrival evolve(Arrival arrival, ArrivalEvent event) {
        return switch (event) {
            case HandOverArrived arrived ->
                new Waiting(arrived, 0, arrived.running().remindAt());
            case ArrivalOverdue overdue ->
                arrival instanceof Waiting waiting
                        ? new Waiting(waiting.arrived(), waiting.told() + 1, overdue.nextAt())
                        : arrival;
            case ArrivalAccepted accepted ->
                arrival instanceof Waiting waiting ? new Accepted(waiting.arrived(), accepted.caseCode()) : arrival;
            case ArrivalExpired expired ->
                arrival instanceof Waiting waiting ? new Expired(waiting.arrived(), expired.expiredAt()) : arrival;
            case ArrivalDeclined declined ->
                switch (arrival) {
                    case Waiting waiting -> new Declined(waiting.arrived(), declined.reason());
                    case Expired over -> new Declined(over.arrived(), declined.reason());
                    case Unknown unknown -> arrival;
                    case WithdrawnBefore said -> arrival;
                    case Accepted accepted -> arrival;
                    case Declined before -> arrival;
                    case Withdrawn before -> arrival;
                };
            case ArrivalWithdrawn withdrawn -> withdrawn(arrival, withdrawn);
        };
    }

    private static Arrival withdrawn(Arrival arrival, ArrivalWithdrawn event) {
        return switch (arrival) {
            case Unknown unknown -> before(new LinkedHashMap<>(), event);
            case WithdrawnBefore said -> before(new LinkedHashMap<>(said.heardAt()), event);
            case Waiting waiting -> new Withdrawn(waiting.arrived(), null, event.heardAt());
            case Expired expired -> new Withdrawn(expired.arrived(), null, event.heardAt());
            case Accepted accepted -> new Withdrawn(accepted.arrived(), accepted.caseCode(), event.heardAt());
            case Declined declined -> arrival;
            case Withdrawn before -> arrival;
        };
    }

    private static Arrival before(SequencedMap<Country, Instant> heardAt, ArrivalWithdrawn event) {
        heardAt.putIfAbsent(event.from(), event.heardAt());
        return new WithdrawnBefore(Collections.unmodifiableSequencedMap(heardAt));
    }
}
