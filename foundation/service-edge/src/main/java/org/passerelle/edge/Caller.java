package org.passerelle.edge;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param issuer       of the token; with the subject it identifies the account
 * @param organisation for whom they act; null for accounts of no organisation
 */
public record Caller(
        String issuer, String subject, @Nullable String organisation, Set<Role> roles) {

    public Caller {
        roles = Set.copyOf(roles);
    }

    public boolean isA(Role role) {
        return roles.contains(role);
    }

    public boolean belongsTo(@Nullable String otherOrganisation) {
        return organisation != null && organisation.equals(otherOrganisation);
    }
}
