package org.passerelle.referral.members;

import java.time.Instant;
import java.util.List;

/**
 * What can be asked of an organisation's membership. Each states a whole fact, so that none depends on what was read; but
 * an absence takes the place of another, which whoever says it is to have seen.
 */
public sealed interface MembershipCommand {

    /** Somebody new, or other roles for somebody on the list. */
    record RecordMember(Account account, List<String> roles) implements MembershipCommand {
        public RecordMember {
            roles = roles.stream().distinct().sorted().toList();
        }
    }

    record RemoveMember(Account account) implements MembershipCommand {}

    record CompleteMembers() implements MembershipCommand {}

    record Suspend(SuspensionReason reason) implements MembershipCommand {}

    record Reactivate() implements MembershipCommand {}

    /**
     * In place of any that the account had: there is one at a time.
     *
     * @param by whoever says it; of themselves, or of somebody on the list
     */
    record DeclareAbsence(Account account, Absence absence, Account by, Instant at) implements MembershipCommand {}

    /** Sooner than was declared, or it does not begin. */
    record EndAbsence(Account account, Instant at) implements MembershipCommand {}
}
