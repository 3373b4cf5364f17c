package org.passerelle.identification.consenting;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.handingover.Terms;

/**
 * What a person agreed to, once.
 *
 * @param validUntil the first moment at which it no longer counts; null = until withdrawn
 * @param language in which it was explained
 * @param handOver to the mechanism of which country it lets somebody be handed over; null in a consent to anything else
 */
public record Consent(
        ConsentId id,
        Set<Scope> scopes,
        Recipients recipients,
        WithheldFrom withheldFrom,
        @Nullable Instant validUntil,
        ObtainedFrom obtainedFrom,
        Language language,
        Instant recordedAt,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Terms handOver) {

    public Consent {
        scopes = inOrder(scopes);
    }

    public Consent(
            ConsentId id,
            Set<Scope> scopes,
            Recipients recipients,
            WithheldFrom withheldFrom,
            @Nullable Instant validUntil,
            ObtainedFrom obtainedFrom,
            Language language,
            Instant recordedAt) {
        this(id, scopes, recipients, withheldFrom, validUntil, obtainedFrom, language, recordedAt, null);
    }

    /**
     * A hand-over across a border is agreed to by itself: not in passing with something else, not with organisations of
     * this mechanism, and with at least one fact that may be told.
     */
    public boolean handsOverOnItsOwn() {
        return handOver == null
                || onlyHandsOver()
                        && !recipients.any()
                        && recipients.organisations().isEmpty()
                        && !handOver.facts().isEmpty();
    }

    /** Whether it agrees to a hand-over across a border and to nothing else. */
    public boolean onlyHandsOver() {
        return scopes.equals(Set.of(Scope.CROSS_BORDER));
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
