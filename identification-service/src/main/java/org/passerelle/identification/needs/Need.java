package org.passerelle.identification.needs;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.codes.Place;

/**
 * A stated need. {@code dueAt} is fixed when it is stated: no expired offer, new routing or correction restarts it.
 *
 * @param pack the version of the country pack that set the clock; null in needs from before there were any
 * @param reportedUnder the text of law that has the person reported to the police, whether or not they agree; null where
 *     consent decides. It outlives an erasure: whoever was told without consent was told because of it
 * @param accompanying true where it is that of somebody who comes along with the person; null where it is the person's, and
 *     in needs from before that was noted
 * @param settled how it ended, or that nobody could meet it so far; null while it is being answered
 */
public record Need(
        NeedId id,
        ServiceType service,
        Urgency urgency,
        Place place,
        Instant statedAt,
        Instant dueAt,
        @Nullable String pack,
        @Nullable String reportedUnder,
        @Nullable Boolean accompanying,
        @Nullable Settlement settled) {

    /** What became of a need. */
    public enum Settlement {
        /** A provider reported what came of it. */
        @JsonProperty("completed")
        COMPLETED,
        /** It was called off. */
        @JsonProperty("cancelled")
        CANCELLED,
        /** Nobody can meet it so far: a service gap, counted for planners. It stands, and is tried again. */
        @JsonProperty("gap")
        GAP
    }

    /** A need stated now, with its clock started. */
    public static Need stated(
            NeedId id,
            ServiceType service,
            Urgency urgency,
            Place place,
            boolean child,
            Instant now,
            CountryRules country) {
        return new Need(
                id,
                service,
                urgency,
                place,
                now,
                country.clocks().due(urgency, now),
                country.pack(),
                service == ServiceType.POLICE ? country.duty().basis(child) : null,
                null,
                null);
    }

    /** The same need, of somebody who comes along. */
    public Need ofSomebodyElse() {
        return new Need(id, service, urgency, place, statedAt, dueAt, pack, reportedUnder, true, settled);
    }

    /** The same need, promised elsewhere by then: a border gives nobody more time. */
    public Need dueNoLaterThan(@Nullable Instant elsewhere) {
        return elsewhere == null || !elsewhere.isBefore(dueAt)
                ? this
                : new Need(
                        id, service, urgency, place, statedAt, elsewhere, pack, reportedUnder, accompanying, settled);
    }

    public boolean ofThePerson() {
        return accompanying == null || !accompanying;
    }

    /** Whether it still stands: a gap ends nothing. */
    public boolean unmet() {
        return unmet(settled);
    }

    public static boolean unmet(@Nullable Settlement settled) {
        return settled == null || settled == Settlement.GAP;
    }

    public Need settledAs(@Nullable Settlement settlement) {
        return new Need(id, service, urgency, place, statedAt, dueAt, pack, reportedUnder, accompanying, settlement);
    }
}
