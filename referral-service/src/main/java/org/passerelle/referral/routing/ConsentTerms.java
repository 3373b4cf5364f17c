package org.passerelle.referral.routing;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;

/**
 * What the person agreed to, all consents in force taken together. To withhold always wins over to agree.
 *
 * @param services agreed to be referred to services at all
 * @param any agreed to any recipient
 * @param recipients agreed to these
 * @param authorities agreed to authorities
 * @param withheldFromAuthorities refused all authorities
 * @param withheldFrom refused these
 */
public record ConsentTerms(
        boolean services,
        boolean any,
        Set<OrganisationId> recipients,
        boolean authorities,
        boolean withheldFromAuthorities,
        Set<OrganisationId> withheldFrom) {

    /** Nothing agreed to. */
    public static final ConsentTerms NONE = new ConsentTerms(false, false, Set.of(), false, false, Set.of());

    public ConsentTerms {
        recipients = Set.copyOf(recipients);
        withheldFrom = Set.copyOf(withheldFrom);
    }

    /**
     * One consent as the person gave it.
     *
     * @param validUntil null when without end
     */
    public record Given(
            Set<String> scopes,
            boolean any,
            Set<OrganisationId> recipients,
            boolean withheldFromAuthorities,
            Set<OrganisationId> withheldFrom,
            @Nullable Instant validUntil) {

        boolean inForce(Instant at) {
            return validUntil == null || at.isBefore(validUntil);
        }
    }

    /** The terms of all consents in force. A recipient named in a consent without the scope {@code services} is none. */
    public static ConsentTerms at(Instant at, Collection<Given> consents) {
        boolean services = false;
        boolean any = false;
        boolean authorities = false;
        boolean withheldFromAuthorities = false;
        Set<OrganisationId> recipients = new HashSet<>();
        Set<OrganisationId> withheldFrom = new HashSet<>();
        for (Given consent : consents) {
            if (!consent.inForce(at)) {
                continue;
            }
            if (consent.scopes().contains("services")) {
                services = true;
                any |= consent.any();
                recipients.addAll(consent.recipients());
            }
            authorities |= consent.scopes().contains("authorities");
            withheldFromAuthorities |= consent.withheldFromAuthorities();
            withheldFrom.addAll(consent.withheldFrom());
        }
        return new ConsentTerms(services, any, recipients, authorities, withheldFromAuthorities, withheldFrom);
    }
}
