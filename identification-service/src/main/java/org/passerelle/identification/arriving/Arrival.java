package org.passerelle.identification.arriving;

import java.time.Instant;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.arriving.ArrivalEvent.HandOverArrived;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.handingover.Declining;

/** Somebody whom another country hands over to us. */
public sealed interface Arrival {

    /** Nothing has come under this id. */
    record Unknown() implements Arrival {}

    /**
     * It waits for the desk.
     *
     * @param told   how often somebody was told that the desk has not answered
     * @param nextAt when the next one is told
     */
    record Waiting(HandOverArrived arrived, int told, Instant nextAt) implements Arrival {}

    record Accepted(HandOverArrived arrived, CaseCode caseCode) implements Arrival {}

    /** Nobody accepted it within its time. The sender can still be told why. */
    record Expired(HandOverArrived arrived, Instant at) implements Arrival {}

    /**
     * The person has withdrawn, said these countries before anything came. Of each the file is refused should it come yet;
     * what another says takes nobody's file from them.
     *
     * @param heardAt by country, whoever said it last at the end
     */
    record WithdrawnBefore(SequencedMap<Country, Instant> heardAt) implements Arrival {}

    /**
     * The person has withdrawn there: nobody is taken over any more.
     *
     * @param caseCode of the case that was opened before; null where none was
     */
    record Withdrawn(HandOverArrived arrived, @Nullable CaseCode caseCode, Instant heardAt) implements Arrival {}

    record Declined(HandOverArrived arrived, @Nullable Declining reason) implements Arrival {}
}
