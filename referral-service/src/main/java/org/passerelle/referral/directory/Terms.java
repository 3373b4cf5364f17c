package org.passerelle.referral.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.Assessment;
import org.passerelle.referral.codes.Circumstance;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.routing.Conditions;

/**
 * Under which terms a service takes people. Lists are sorted; an empty one says nothing.
 *
 * @param assuredOn when somebody last made sure that all of the listing is so
 * @param cost in words
 * @param responsePromise how soon the service says it acts, in words
 * @param respondsWithin the same in hours
 * @param urgencies those that it takes; all where empty
 * @param admits circumstances that it is prepared for
 * @param excludes circumstances in which it cannot take somebody
 * @param notWith needs that it must not be combined with
 * @param accessibility in codes of whoever wrote the directory
 * @param dutyPhones answered at any time
 * @param assessments what it has assessed before it gives somebody a unit
 * @param alert what whoever looks at the listing should know first
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Terms(
        @Nullable LocalDate assuredOn,
        @Nullable String cost,
        @Nullable String responsePromise,
        @Nullable Integer respondsWithin,
        List<Urgency> urgencies,
        List<Circumstance> admits,
        List<Circumstance> excludes,
        List<ServiceType> notWith,
        List<String> accessibility,
        List<String> dutyPhones,
        List<Assessment> assessments,
        @Nullable String alert) {

    static final Terms NONE = new Terms(
            null, null, null, null, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null);

    public Terms {
        urgencies = urgencies == null ? List.of() : List.copyOf(urgencies);
        admits = admits == null ? List.of() : List.copyOf(admits);
        excludes = excludes == null ? List.of() : List.copyOf(excludes);
        notWith = notWith == null ? List.of() : List.copyOf(notWith);
        accessibility = accessibility == null ? List.of() : List.copyOf(accessibility);
        dutyPhones = dutyPhones == null ? List.of() : List.copyOf(dutyPhones);
        assessments = assessments == null ? List.of() : List.copyOf(assessments);
    }

    Terms assured(LocalDate on) {
        return new Terms(
                on,
                cost,
                responsePromise,
                respondsWithin,
                urgencies,
                admits,
                excludes,
                notWith,
                accessibility,
                dutyPhones,
                assessments,
                alert);
    }

    Terms onDuty(List<String> phones) {
        return new Terms(
                assuredOn,
                cost,
                responsePromise,
                respondsWithin,
                urgencies,
                admits,
                excludes,
                notWith,
                accessibility,
                phones,
                assessments,
                alert);
    }

    /** What routing looks at. */
    Conditions conditions() {
        return new Conditions(
                Set.copyOf(urgencies),
                Set.copyOf(admits),
                Set.copyOf(excludes),
                Set.copyOf(notWith),
                respondsWithin,
                !assessments.isEmpty());
    }

    /** Null where nothing is said, so that a listing from before there were terms is the same as one without. */
    public @Nullable Terms orNull() {
        return equals(NONE) ? null : this;
    }
}
