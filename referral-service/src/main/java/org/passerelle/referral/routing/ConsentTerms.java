package org.passerelle.referral.routing;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OrganisationId;

/**
 * What the person agreed to, all consents in force taken together. To withhold always wins over to agree, and it outlives
 * the consent it came with: it does not expire, and after a withdrawal it lasts until a consent that comes after that says
 * otherwise, which one to a hand-over across a border alone does not.
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

    /** While something that the person said could not be heard: perhaps that authorities are to know nothing. */
    public static final ConsentTerms UNHEARD = new ConsentTerms(false, false, Set.of(), false, true, Set.of());

    public ConsentTerms {
        recipients = Set.copyOf(recipients);
        withheldFrom = Set.copyOf(withheldFrom);
    }

    /**
     * One consent as the person gave it.
     *
     * @param validUntil null when without end
     * @param withdrawnAfter how many consents the case had when it was withdrawn; null while it stands
     */
    public record Given(
            Set<String> scopes,
            boolean any,
            Set<OrganisationId> recipients,
            boolean withheldFromAuthorities,
            Set<OrganisationId> withheldFrom,
            @Nullable Instant validUntil,
            @Nullable Integer withdrawnAfter) {

        /** Agrees to a hand-over across a border and nothing else: it says nothing of who may know of the case here. */
        boolean onlyHandsOver() {
            return scopes.equals(Set.of("cross-border"));
        }

        boolean inForce(Instant at) {
            return withdrawnAfter == null && (validUntil == null || at.isBefore(validUntil));
        }
    }

    /**
     * The terms of a need that the law has reported to these, whatever was agreed to. What is withheld stays withheld:
     * the rules that protect the person know no exception to it.
     */
    public ConsentTerms reportedTo(Set<OrganisationId> police) {
        if (withheldFromAuthorities) {
            return this;
        }
        boolean agreed = services && authorities;
        Set<OrganisationId> all = new HashSet<>(police);
        if (agreed) {
            all.addAll(recipients);
        }
        return new ConsentTerms(true, agreed && any, all, true, false, withheldFrom);
    }

    /**
     * The terms of all consents. A recipient named in a consent without the scope {@code services} is none.
     *
     * @param consents oldest first, those that ended too
     */
    public static ConsentTerms at(Instant at, List<Given> consents) {
        boolean services = false;
        boolean any = false;
        boolean authorities = false;
        boolean withheldFromAuthorities = false;
        Set<OrganisationId> recipients = new HashSet<>();
        Set<OrganisationId> withheldFrom = new HashSet<>();
        for (Given consent : consents) {
            Integer before = consent.withdrawnAfter();
            if (before == null || consents.stream().skip(before).allMatch(Given::onlyHandsOver)) {
                withheldFromAuthorities |= consent.withheldFromAuthorities();
                withheldFrom.addAll(consent.withheldFrom());
            }
            if (!consent.inForce(at)) {
                continue;
            }
            if (consent.scopes().contains("services")) {
                services = true;
                any |= consent.any();
                recipients.addAll(consent.recipients());
            }
            authorities |= consent.scopes().contains("authorities");
        }
        return new ConsentTerms(services, any, recipients, authorities, withheldFromAuthorities, withheldFrom);
    }
}
