package org.passerelle.referral.codes;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Service types: the union of the inter-agency referral forms and the mechanism's source documents. Code = name. */
public enum ServiceType {
    SAFE_SHELTER,
    ALTERNATIVE_CARE,
    MEDICAL,
    SEXUAL_REPRODUCTIVE_HEALTH,
    MHPSS,
    CRISIS_INTERVENTION,
    LEGAL,
    POLICE,
    WITNESS_PROTECTION,
    DOCUMENTS,
    INTERPRETATION,
    FOOD,
    NON_FOOD_ITEMS_CASH,
    EDUCATION,
    VOCATIONAL_LIVELIHOOD,
    DISABILITY_SUPPORT,
    CHILD_PROTECTION_GUARDIANSHIP,
    FAMILY_TRACING,
    FAMILY_MEDIATION,
    FAMILY_REUNIFICATION,
    INTERNATIONAL_PROTECTION,
    ASSISTED_VOLUNTARY_RETURN,
    REPATRIATION,
    RELOCATION,
    REINTEGRATION,
    COMPENSATION,
    FOLLOW_UP;

    /** Whoever gives one of these is an authority, whatever else they give and whatever they call themselves. */
    public static final Set<ServiceType> OF_AUTHORITIES = Set.of(POLICE, WITNESS_PROTECTION);

    public static Optional<ServiceType> byCode(String code) {
        return Arrays.stream(values())
                .filter(known -> known.name().equals(code))
                .findFirst();
    }
}
