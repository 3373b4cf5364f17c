package org.passerelle.identification.arriving;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.handingover.Declining;
import org.passerelle.identification.handingover.HandOverId;
import org.passerelle.identification.needs.Urgency;

/** What happened to an arrival. Stored for ever, under the names in {@link ArrivalStream}. Nothing in it is of a person. */
public sealed interface ArrivalEvent {

    HandOverId handOverId();

    /**
     * @param digest of the file, which lies apart until the desk has answered
     * @param until  from then on the sender no longer means it
     * @param clock  of the desk; null in arrivals from before desks had one
     */
    record HandOverArrived(
            HandOverId handOverId,
            Country from,
            String digest,
            Means means,
            Instant until,
            Instant arrivedAt,
            @Nullable AnswerClock clock)
            implements ArrivalEvent {

        /**
         * By when the desk answers.
         *
         * @param urgency  of the most urgent need in the file; null where none was told
         * @param remindAt when the desk is reminded
         * @param answerBy the end of its time; half of that lies between the desk and its supervisor
         */
        public record AnswerClock(@Nullable Urgency urgency, Instant remindAt, Instant answerBy) {}

        /** The clock; where none was kept, that of an arrival without needs. */
        public AnswerClock running() {
            return clock == null ? DeskClocks.DEFAULT.start(List.of(), arrivedAt, until) : clock;
        }

        /** On which road. */
        public enum Means {
            @JsonProperty("exchange")
            EXCHANGE,
            @JsonProperty("file")
            FILE
        }
    }

    /**
     * The desk has not answered in time.
     *
     * @param told   who is told of it
     * @param nextAt when the next one is told, unless the desk has answered
     */
    record ArrivalOverdue(HandOverId handOverId, Told told, Instant nextAt, Instant at) implements ArrivalEvent {

        /** One after the other; the last one again and again. */
        public enum Told {
            /** The desk itself. */
            @JsonProperty("reminder")
            DESK,
            @JsonProperty("supervisor")
            SUPERVISOR,
            @JsonProperty("coordinator")
            COORDINATOR
        }
    }

    /** @param caseCode of the case that this mechanism has opened */
    record ArrivalAccepted(HandOverId handOverId, CaseCode caseCode, Instant decidedAt) implements ArrivalEvent {}

    /** Its time was over before the desk answered. */
    record ArrivalExpired(HandOverId handOverId, Instant expiredAt) implements ArrivalEvent {}

    /**
     * The person has withdrawn their consent to it, there.
     *
     * @param from    the country that said so
     * @param heardAt when this mechanism took note of it
     */
    record ArrivalWithdrawn(HandOverId handOverId, Country from, Instant withdrawnAt, Instant heardAt)
            implements ArrivalEvent {}

    record ArrivalDeclined(HandOverId handOverId, Declining reason, Instant decidedAt) implements ArrivalEvent {}
}
