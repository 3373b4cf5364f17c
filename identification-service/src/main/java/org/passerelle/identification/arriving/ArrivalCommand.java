package org.passerelle.identification.arriving;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.arriving.ArrivalEvent.HandOverArrived;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.handingover.Declining;
import org.passerelle.identification.handingover.HandOverId;

/** What can be asked of an arrival. */
public sealed interface ArrivalCommand {

    record TakeIn(HandOverArrived arrived) implements ArrivalCommand {}

    record AcceptArrival(CaseCode caseCode, Instant now) implements ArrivalCommand {}

    record DeclineArrival(Declining reason, Instant now) implements ArrivalCommand {}

    /**
     * The person has withdrawn their consent to it.
     *
     * @param from   the country that says so
     * @param digest of the file that it means; null where it does not know any more
     */
    record NoteWithdrawal(
            HandOverId handOverId, Country from, @Nullable String digest, Instant withdrawnAt, Instant now)
            implements ArrivalCommand {}

    /** The desk has let its clock run. Changes nothing where it has answered. */
    record TellOfArrival(Instant now) implements ArrivalCommand {}

    /** Its time is over. Changes nothing where it is answered. */
    record EndArrival(Instant now) implements ArrivalCommand {}
}
