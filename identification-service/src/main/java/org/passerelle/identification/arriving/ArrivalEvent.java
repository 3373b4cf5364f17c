package org.passerelle.identification.arriving;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.handingover.Declining;
import org.passerelle.identification.handingover.HandOverId;

/** What happened to an arrival. Stored for ever, under the names in {@link ArrivalStream}. Nothing in it is of a person. */
public sealed interface ArrivalEvent {

    HandOverId handOverId();

    /**
     * @param digest of the file, which lies apart until the desk has answered
     * @param until  from then on the sender no longer means it
     */
    record HandOverArrived(
            HandOverId handOverId, Country from, String digest, Means means, Instant until, Instant arrivedAt)
            implements ArrivalEvent {

        /** On which road. */
        public enum Means {
            @JsonProperty("exchange")
            EXCHANGE,
            @JsonProperty("file")
            FILE
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
