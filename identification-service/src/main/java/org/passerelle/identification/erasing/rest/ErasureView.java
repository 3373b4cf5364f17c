package org.passerelle.identification.erasing.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.erasing.Erasure;
import org.passerelle.identification.erasing.ErasureReason;
import org.passerelle.identification.erasing.HoldId;

/**
 * How a case stands to erasure.
 *
 * @param state       {@code kept}, {@code requested}, {@code erased} while backups of the keys exist, then {@code final}
 * @param requestedAt null while nobody asks for it
 * @param finalOn     the day on which the last backup of the keys is gone
 * @param holds       the legal holds that stand
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ErasureView(
        CaseCode caseCode,
        long version,
        String state,
        @Nullable ErasureReason reason,
        @Nullable String legalBasis,
        @Nullable Instant requestedAt,
        @Nullable Instant erasedAt,
        @Nullable LocalDate finalOn,
        List<Held> holds) {

    /** A legal hold that stands. */
    public record Held(HoldId holdId, String basis, Instant placedAt) {}

    static ErasureView of(CaseCode code, long version, Erasure erasure, LocalDate today) {
        List<Held> holds = erasure.holds().stream()
                .filter(hold -> hold.liftedAt() == null)
                .map(hold -> new Held(hold.id(), hold.basis(), hold.placedAt()))
                .toList();
        Erasure.Done done = erasure.done();
        Erasure.Request request = done == null ? erasure.request() : done.request();
        String state = done == null
                ? request == null ? "kept" : "requested"
                : today.isBefore(done.finalOn()) ? "erased" : "final";
        return new ErasureView(
                code,
                version,
                state,
                request == null ? null : request.reason(),
                request == null ? null : request.legalBasis(),
                request == null ? null : request.at(),
                done == null ? null : done.at(),
                done == null ? null : done.finalOn(),
                holds);
    }
}
