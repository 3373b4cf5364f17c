package org.passerelle.referral.members;

import java.util.List;
import org.passerelle.referral.codes.OrganisationId;

/** What happens to an organisation's standing and to its members. */
public sealed interface MembershipEvent {

    OrganisationId organisation();

    /** @param roles all that the account has from now on, as written in tokens, in alphabetical order */
    record MemberRecorded(OrganisationId organisation, Account account, List<String> roles) implements MembershipEvent {
        public MemberRecorded {
            roles = List.copyOf(roles);
        }
    }

    record MemberRemoved(OrganisationId organisation, Account account) implements MembershipEvent {}

    /** From now on whoever is not on the list does not act for the organisation. */
    record MembersCompleted(OrganisationId organisation) implements MembershipEvent {}

    record OrganisationSuspended(OrganisationId organisation, SuspensionReason reason) implements MembershipEvent {}

    record OrganisationReactivated(OrganisationId organisation) implements MembershipEvent {}

    record AbsenceDeclared(OrganisationId organisation, Account account, Absence absence) implements MembershipEvent {}

    /** Before it would have been over by itself. */
    record AbsenceEnded(OrganisationId organisation, Account account) implements MembershipEvent {}
}
