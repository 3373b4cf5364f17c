package org.passerelle.identification.erasing;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a case stands to erasure.
 *
 * @param request what waits for a second person; null where nothing does
 * @param holds   every legal hold there was
 * @param done    null until it is erased
 */
public record Erasure(
        @Nullable Request request,
        List<Hold> holds,
        @Nullable Done done) {

    /** Longest legal basis, in characters. */
    public static final int BASIS = 500;

    public Erasure {
        holds = List.copyOf(holds);
    }

    /**
     * @param legalBasis the text of law, decision or consent it rests on; never about the person
     * @param by         the account that asked
     */
    public record Request(ErasureReason reason, String legalBasis, String by, Instant at) {}

    /**
     * An order not to erase.
     *
     * @param basis    the court, the file, the text of law; never about the person
     * @param liftedAt null while it holds
     */
    public record Hold(
            HoldId id,
            String basis,
            Instant placedAt,
            @Nullable Instant liftedAt) {}

    /**
     * @param finalOn the day on which the last backup of the destroyed keys is gone
     */
    public record Done(Request request, String approvedBy, Instant at, LocalDate finalOn) {}

    public static Erasure none() {
        return new Erasure(null, List.of(), null);
    }

    public boolean held() {
        return holds.stream().anyMatch(hold -> hold.liftedAt() == null);
    }

    public Optional<Hold> hold(HoldId id) {
        return holds.stream().filter(hold -> hold.id().equals(id)).findFirst();
    }

    public Erasure requested(@Nullable Request asked) {
        return new Erasure(asked, holds, done);
    }

    public Erasure held(Hold hold) {
        List<Hold> more = new ArrayList<>(holds);
        more.add(hold);
        return new Erasure(request, more, done);
    }

    public Erasure lifted(HoldId id, Instant at) {
        return new Erasure(
                request,
                holds.stream()
                        .map(hold ->
                                hold.id().equals(id) ? new Hold(hold.id(), hold.basis(), hold.placedAt(), at) : hold)
                        .toList(),
                done);
    }

    public Erasure erased(Done erased) {
        return new Erasure(null, holds, erased);
    }
}
