package org.passerelle.identification.consenting;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;

/**
 * What a person agreed to, once.
 *
 * @param validUntil the first moment at which it no longer counts; null = until withdrawn
 * @param language in which it was explained
 */
public record Consent(
        ConsentId id,
        Set<Scope> scopes,
        Recipients recipients,
        WithheldFrom withheldFrom,
        @Nullable Instant validUntil,
        ObtainedFrom obtainedFrom,
        Language language,
        Instant recordedAt) {

    public Consent {
        scopes = inOrder(scopes);
    }

    /** With whom it may be shared: with any organisation of the mechanism, or only with those named. */
    public record Recipients(boolean any, Set<OrganisationId> organisations) {

        public Recipients {
            organisations = inOrder(organisations);
        }

        boolean include(OrganisationId organisation) {
            return any || organisations.contains(organisation);
        }
    }

    /** From whom the case is withheld, whatever their role. */
    public record WithheldFrom(boolean authorities, Set<OrganisationId> organisations) {

        public WithheldFrom {
            organisations = inOrder(organisations);
        }
    }

    /** Who gave it. */
    public enum ObtainedFrom {
        @JsonProperty("person")
        PERSON,
        @JsonProperty("caregiver")
        CAREGIVER,
        @JsonProperty("guardian")
        GUARDIAN
    }

    /** A copy that keeps its order: the stored bytes of an event must not depend on the run. */
    private static <T> Set<T> inOrder(Set<T> set) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(set));
    }

    boolean expiredAt(Instant moment) {
        return validUntil != null && !moment.isBefore(validUntil);
    }
}
