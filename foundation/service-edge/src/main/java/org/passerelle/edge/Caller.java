package org.passerelle.edge;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param issuer       of the token; with the subject it identifies the account
 * @param organisation for whom they act; null for accounts of no organisation
 * @param authority police, whatever else: what is withheld from authorities is withheld from them, also where this role of
 *     theirs permits nothing because only the record or only the token names it
 */
public record Caller(
        String issuer, String subject, @Nullable String organisation, Set<Role> roles, boolean authority) {

    public Caller {
        roles = Set.copyOf(roles);
        authority |= roles.contains(Role.POLICE_INVESTIGATOR);
    }

    public Caller(String issuer, String subject, @Nullable String organisation, Set<Role> roles) {
        this(issuer, subject, organisation, roles, false);
    }

    public boolean isA(Role role) {
        return roles.contains(role);
    }

    /** Null for accounts of no organisation, and where what the token names could be none. */
    public @Nullable UUID organisationId() {
        try {
            return organisation == null ? null : UUID.fromString(organisation);
        } catch (IllegalArgumentException notAnId) {
            return null;
        }
    }

    public boolean belongsTo(@Nullable String otherOrganisation) {
        return organisation != null && organisation.equals(otherOrganisation);
    }
}
