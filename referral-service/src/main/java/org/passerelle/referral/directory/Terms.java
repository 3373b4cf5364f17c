package org.passerelle.referral.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Urgency;

/**
 * Under which terms a service takes people. Lists are sorted; an empty one says nothing.
 *
 * @param assuredOn when somebody last made sure that all of the listing is so
 * @param cost in words
 * @param responsePromise how soon the service says it acts, in words
 * @param urgencies those that it takes; all where empty
 * @param admits circumstances that it is prepared for
 * @param excludes circumstances in which it cannot take somebody
 * @param notWith needs that it must not be combined with
 * @param accessibility in codes of whoever wrote the directory
 * @param dutyPhones answered at any time
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Terms(
        @Nullable LocalDate assuredOn,
        @Nullable String cost,
        @Nullable String responsePromise,
        List<Urgency> urgencies,
        List<Circumstance> admits,
        List<Circumstance> excludes,
        List<ServiceType> notWith,
        List<String> accessibility,
        List<String> dutyPhones) {

    private static final Terms NONE =
            new Terms(null, null, null, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    public Terms {
        urgencies = urgencies == null ? List.of() : List.copyOf(urgencies);
        admits = admits == null ? List.of() : List.copyOf(admits);
        excludes = excludes == null ? List.of() : List.copyOf(excludes);
        notWith = notWith == null ? List.of() : List.copyOf(notWith);
        accessibility = accessibility == null ? List.of() : List.copyOf(accessibility);
        dutyPhones = dutyPhones == null ? List.of() : List.copyOf(dutyPhones);
    }

    /** Null where nothing is said, so that a listing from before there were terms is the same as one without. */
    public @Nullable Terms orNull() {
        return equals(NONE) ? null : this;
    }
}
