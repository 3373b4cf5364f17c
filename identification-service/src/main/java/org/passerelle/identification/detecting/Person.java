package org.passerelle.identification.detecting;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.Personal;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.Phone;

/**
 * Who was found. Everything here is personal and stays in this service; only {@link #ageAt} and {@link Sex} are told to
 * services that need them for eligibility.
 *
 * @param age in whole years when found, where no birth date is known; often an estimate
 * @param languages the best spoken first
 */
public record Person(
        @Personal("identity") @Nullable String givenName,
        @Personal("identity") @Nullable String familyName,
        @Personal("identity") @Nullable LocalDate birthDate,
        @Personal("attributes") @Nullable Integer age,

        @Personal(value = "attributes", erased = "\"NonSpecifiedUnknown\"")
        Sex sex,

        @Personal("identity") @Nullable Phone phone,
        @Personal("identity") @Nullable String address,

        @Personal(value = "attributes", erased = "[]") List<Country> citizenships,

        @Personal(value = "attributes", erased = "[]") List<Language> languages) {

    /** Below this age a person is a child (Palermo Protocol, art. 3 d). */
    public static final int ADULT_AGE = 18;

    public Person {
        citizenships = List.copyOf(citizenships);
        languages = List.copyOf(languages);
    }

    /**
     * The age in whole years at {@code moment}, or null where it is not known. An age given as a number counts up by
     * the whole years since the person was found: never more than the true age, so the doubt is the child's.
     */
    public @Nullable Integer ageAt(Instant moment, Instant foundAt) {
        LocalDate day = dayOf(moment);
        if (birthDate != null) {
            return Math.max(0, Period.between(birthDate, day).getYears());
        }
        if (age != null) {
            return age + Math.max(0, Period.between(dayOf(foundAt), day).getYears());
        }
        return null;
    }

    /** Whether the person is to be treated as a child: under age, or of an age nobody knows. */
    public boolean treatedAsChildAt(Instant moment, Instant foundAt) {
        Integer known = ageAt(moment, foundAt);
        return known == null || known < ADULT_AGE;
    }

    private static LocalDate dayOf(Instant moment) {
        return LocalDate.ofInstant(moment, ZoneOffset.UTC);
    }
}
