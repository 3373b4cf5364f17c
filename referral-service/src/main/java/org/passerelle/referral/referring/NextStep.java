package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Arrays;
import org.passerelle.referral.codes.OrganisationId;

/** What somebody has to do next with a referral that is not over. */
public enum NextStep {
    /** The organisation that is asked says that it has seen the offer, or answers it. */
    ACKNOWLEDGEMENT("acknowledgement"),
    /** The organisation that has seen the offer says yes or no. */
    ANSWER("answer"),
    /** The requester decides: consent, another recipient, another way. */
    DECISION("decision"),
    /** Another need of the package comes first; the requester sees to it that it goes on. */
    OTHER_NEED("other-need"),
    /** The requester looks for a service that the directory does not have. */
    SERVICE("service"),
    /** The provider meets the person. */
    FIRST_CONTACT("first-contact"),
    /** The provider tells how it goes, or what came of it. */
    REPORT("report"),
    /** The provider goes on after a pause. */
    RESUMPTION("resumption");

    private final String code;

    NextStep(String code) {
        this.code = code;
    }

    @JsonValue
    public String code() {
        return code;
    }

    @JsonCreator
    public static NextStep of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
    }

    /** Whether it is a step of the requester of a need that nobody is asked for: with it the need climbs. */
    public boolean isTheRequesters() {
        return switch (this) {
            case DECISION, OTHER_NEED, SERVICE -> true;
            case ACKNOWLEDGEMENT, ANSWER, FIRST_CONTACT, REPORT, RESUMPTION -> false;
        };
    }

    /** Told of what was not done in time, one after the other; the last one again and again. */
    public enum Told {
        /** Whoever has to do it; of a need that nobody serves, the requester. */
        OWNER("reminder"),
        SUPERVISOR("supervisor"),
        COORDINATOR("coordinator");

        private final String code;

        Told(String code) {
            this.code = code;
        }

        /** @param told how far it climbed */
        static Told next(int told) {
            return values()[Math.min(told, COORDINATOR.ordinal())];
        }

        Told atLeast(Told other) {
            return compareTo(other) < 0 ? other : this;
        }

        /** How far it has climbed once they are told, too. */
        int after(int told) {
            return Math.max(told, ordinal()) + 1;
        }

        @JsonValue
        public String code() {
            return code;
        }

        @JsonCreator
        public static Told of(String code) {
            return Arrays.stream(values())
                    .filter(known -> known.code.equals(code))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown code: " + code));
        }
    }

    /**
     * A step and how it stands with it.
     *
     * @param of whose step it is
     * @param by when, else somebody is told
     * @param told how far it climbed
     */
    public record Owed(NextStep step, OrganisationId of, Instant by, int told) {}

    /**
     * How far a need climbed that nobody serves yet: whoever is asked meanwhile, and however often.
     *
     * @param told how far; 0 until somebody was
     * @param since the last time, or since when nobody serves it
     * @param overdue somebody above the requester was told when the need's own clock had run out
     */
    public record Climb(int told, Instant since, boolean overdue) {

        Climb(Instant since) {
            this(0, since, false);
        }

        Climb after(Told whom, Instant at, Instant dueAt) {
            return new Climb(whom.after(told), at, overdue || whom != Told.OWNER && !at.isBefore(dueAt));
        }

        Climb knownOverdue() {
            return new Climb(told, since, true);
        }

        /** Of a need that is passed on: whoever was told of it knows it, and the next has the time from now on. */
        Climb passedOn(Instant at) {
            return new Climb(told, at, overdue);
        }

        /** The person was met: should nobody meet them again, that is news. */
        Climb begun() {
            return new Climb(told, since, false);
        }
    }
}
