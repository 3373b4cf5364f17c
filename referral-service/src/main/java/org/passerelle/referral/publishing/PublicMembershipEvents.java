package org.passerelle.referral.publishing;

import java.util.Map;
import java.util.Optional;
import org.passerelle.edge.Memberships;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.members.Account;
import org.passerelle.referral.members.MembershipEvent;
import org.passerelle.referral.members.MembershipEvent.AbsenceDeclared;
import org.passerelle.referral.members.MembershipEvent.AbsenceEnded;
import org.passerelle.referral.members.MembershipEvent.MemberRecorded;
import org.passerelle.referral.members.MembershipEvent.MemberRemoved;
import org.passerelle.referral.members.MembershipEvent.MembersCompleted;
import org.passerelle.referral.members.MembershipEvent.OrganisationReactivated;
import org.passerelle.referral.members.MembershipEvent.OrganisationSuspended;

/** What the other services may know of who acts for whom: organisations, roles, and accounts as hashes. In order per organisation. */
public final class PublicMembershipEvents {

    private static final String HEARTBEAT = "heartbeat";

    private PublicMembershipEvents() {}

    public static Optional<PublicEvent> of(MembershipEvent event) {
        OrganisationId organisation = event.organisation();
        return switch (event) {
            case MemberRecorded recorded ->
                told(
                        "member-recorded",
                        organisation,
                        Map.of(
                                "organisation", organisation,
                                "member", hashed(recorded.account()),
                                "roles", recorded.roles()));
            case MemberRemoved removed ->
                told(
                        "member-removed",
                        organisation,
                        Map.of("organisation", organisation, "member", hashed(removed.account())));
            case MembersCompleted completed ->
                told("members-completed", organisation, Map.of("organisation", organisation));
            case OrganisationSuspended suspended ->
                told("organisation-suspended", organisation, Map.of("organisation", organisation));
            case OrganisationReactivated reactivated ->
                told("organisation-reactivated", organisation, Map.of("organisation", organisation));
            // who is away is the organisation's own business
            case AbsenceDeclared declared -> Optional.empty();
            case AbsenceEnded ended -> Optional.empty();
        };
    }

    /** That the log is being sequenced and published, even when nothing happens. */
    public static PublicEvent heartbeat() {
        return new PublicEvent("passerelle.referral.heartbeat.v1", HEARTBEAT, HEARTBEAT, Map.of());
    }

    private static Optional<PublicEvent> told(String name, OrganisationId organisation, Map<String, Object> data) {
        String key = organisation.toString();
        return Optional.of(new PublicEvent("passerelle.referral." + name + ".v1", key, key, data));
    }

    private static String hashed(Account account) {
        return Memberships.account(account.issuer(), account.subject());
    }
}
