package org.passerelle.reporting.funnel;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.passerelle.reporting.ledger.Entry;
import org.passerelle.reporting.ledger.Fact;
import org.passerelle.reporting.ledger.Facts;

/**
 * When a case first reached each stage. Earliest times are kept, so the order of arrival does not matter.
 *
 * @param foundAt null until the detection has arrived; such a case belongs to no cohort yet
 */
public record Milestones(@Nullable String place, @Nullable Instant foundAt, Map<Stage, Instant> reached) {

    public static Milestones of(Collection<Entry> entries) {
        Map<Stage, Instant> reached = new EnumMap<>(Stage.class);
        @Nullable String place = null;
        @Nullable Instant foundAt = null;
        for (Entry entry : entries) {
            Fact fact = Facts.of(entry);
            Stage.reachedBy(fact)
                    .ifPresent(stage ->
                            reached.merge(stage, entry.time(), (one, other) -> one.isBefore(other) ? one : other));
            if (fact instanceof Fact.CaseDetected found) {
                place = found.place();
                foundAt = found.foundAt();
            }
        }
        return new Milestones(place, foundAt, reached);
    }
}
