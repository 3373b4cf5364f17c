package org.passerelle.identification.handingover;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.consenting.ConsentId;

/**
 * One hand-over, as the case that is handed over knows it.
 *
 * @param consent on which it rests
 * @param file    for the receiver's eyes only; null once the person is erased
 * @param until   from then on the receiver refuses the file
 * @param reason  why the receiver declined; null unless it did
 * @param withdrawal of the consent, after the file had left; null unless that is so
 * @param left whether the file was given out, or somebody says that they have it; so it stays, whatever becomes of it
 * @param endNoted whether whoever keeps the case has said what else is done now that it came to nothing
 */
public record HandOver(
        HandOverId id,
        Country to,
        ConsentId consent,
        Set<Fact> facts,
        @Nullable String file,
        Instant requestedAt,
        Instant until,
        State state,
        @Nullable Declining reason,
        @Nullable Withdrawal withdrawal,
        boolean left,
        boolean endNoted) {

    /**
     * The receiver is to be told of it.
     *
     * @param at      when the person withdrew
     * @param heardAt when the receiving mechanism took note of it, as it says; null until it has said so
     */
    public record Withdrawal(Instant at, @Nullable Instant heardAt) {}

    /** How far it is. */
    public enum State {
        /** Nothing has left. */
        @JsonProperty("requested")
        REQUESTED,
        /** The file was given out; nothing was heard yet. */
        @JsonProperty("sent")
        SENT,
        @JsonProperty("received")
        RECEIVED,
        @JsonProperty("accepted")
        ACCEPTED,
        @JsonProperty("declined")
        DECLINED,
        /** Nothing leaves any more. It has not arrived as far as is known, or nobody decided on it in time. */
        @JsonProperty("stopped")
        STOPPED;

        static State of(Verdict verdict) {
            return switch (verdict) {
                case RECEIVED -> RECEIVED;
                case ACCEPTED -> ACCEPTED;
                case DECLINED -> DECLINED;
            };
        }
    }

    /** Why nothing leaves any more. */
    public enum Stop {
        /** Withdrawn or expired. */
        @JsonProperty("consent-ended")
        CONSENT_ENDED,
        /** Nobody took it, or decided on it, in time. */
        @JsonProperty("expired")
        EXPIRED,
        /** The receiver's system does not take the file. */
        @JsonProperty("refused")
        REFUSED,
        /** It was to be sent, and there is no address any more to send it to. */
        @JsonProperty("no-address")
        NO_ADDRESS,
        @JsonProperty("erased")
        ERASED
    }

    private static final String DEADLINE = "hand-over ";

    /** The name of the deadline, of its case, at which it ends undecided. */
    public static String deadline(HandOverId id) {
        return DEADLINE + id;
    }

    /** Of which hand-over a deadline is; empty where it is none of a hand-over. */
    public static Optional<HandOverId> ofDeadline(String name) {
        return name.startsWith(DEADLINE)
                ? Optional.of(HandOverId.of(name.substring(DEADLINE.length())))
                : Optional.empty();
    }

    /** Whether the file may still have to be sent. */
    public boolean waiting() {
        return state == State.REQUESTED || state == State.SENT;
    }

    /** Whether the receiver may still decide on it. */
    public boolean undecided() {
        return waiting() || state == State.RECEIVED;
    }

    /**
     * Whether another to the same country would be a second one. After its time nobody can accept it any more, nor once
     * they have withdrawn. Where it was accepted a case is open there, withdrawn or not: a second file would open another.
     */
    public boolean underWay(Instant now) {
        return state == State.ACCEPTED || withdrawal == null && undecided() && now.isBefore(until);
    }

    public HandOver stopped() {
        return new HandOver(
                id, to, consent, facts, file, requestedAt, until, State.STOPPED, reason, withdrawal, left, false);
    }

    public HandOver sent() {
        return new HandOver(
                id, to, consent, facts, file, requestedAt, until, State.SENT, reason, withdrawal, true, false);
    }

    /** A decision is not undone by word of the arrival that comes after it. */
    public boolean known(Verdict verdict) {
        return state == State.of(verdict)
                || verdict == Verdict.RECEIVED && (state == State.ACCEPTED || state == State.DECLINED);
    }

    public HandOver answered(Verdict verdict, @Nullable Declining why) {
        return new HandOver(
                id, to, consent, facts, file, requestedAt, until, State.of(verdict), why, withdrawal, true, false);
    }

    public HandOver withdrawn(Instant at) {
        return new HandOver(
                id,
                to,
                consent,
                facts,
                file,
                requestedAt,
                until,
                state,
                reason,
                new Withdrawal(at, null),
                left,
                endNoted);
    }

    /** Nothing that was not said can be heard. */
    public HandOver withdrawalHeard(Instant at) {
        return withdrawal == null
                ? this
                : new HandOver(
                        id,
                        to,
                        consent,
                        facts,
                        file,
                        requestedAt,
                        until,
                        state,
                        reason,
                        new Withdrawal(withdrawal.at(), at),
                        left,
                        endNoted);
    }

    /** Whether it came to nothing. */
    public boolean ended() {
        return state == State.DECLINED || state == State.STOPPED;
    }

    public HandOver noted() {
        return new HandOver(id, to, consent, facts, file, requestedAt, until, state, reason, withdrawal, left, true);
    }

    /**
     * Whether the receiver may have the file, and was not told yet that it was not to have it. Also where it was stopped
     * since: an answer may be on its way, or lost.
     */
    public boolean toBeTakenBack() {
        return withdrawal == null && left && state != State.DECLINED;
    }
}
