package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Arrays;
import org.passerelle.referral.codes.OrganisationId;

/** What somebody has to do next with a referral that is not over. */
public enum NextStep {
    /** The organisation that is asked says yes or no. */
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

    /** Told of a step that was not taken in time, one after the other; the last one again and again. */
    public enum Told {
        /** Whoever has to do it. */
        OWNER("reminder"),
        SUPERVISOR("supervisor"),
        COORDINATOR("coordinator");

        private final String code;

        Told(String code) {
            this.code = code;
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
     * @param told how often somebody was
     */
    public record Owed(NextStep step, OrganisationId of, Instant by, int told) {}
}
