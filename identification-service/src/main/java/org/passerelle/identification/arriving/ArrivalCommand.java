package org.passerelle.identification.arriving;

import java.time.Instant;
import org.passerelle.identification.arriving.ArrivalEvent.HandOverArrived;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.handingover.Declining;

/** What can be asked of an arrival. */
public sealed interface ArrivalCommand {

    record TakeIn(HandOverArrived arrived) implements ArrivalCommand {}

    record AcceptArrival(CaseCode caseCode, Instant now) implements ArrivalCommand {}

    record DeclineArrival(Declining reason, Instant now) implements ArrivalCommand {}

    /** Its time is over. Changes nothing where it is answered. */
    record EndArrival(Instant now) implements ArrivalCommand {}
}
