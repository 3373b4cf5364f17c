package org.passerelle.referral.members;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.passerelle.referral.codes.OrganisationId;

/** One event of each type; also what the golden files mean. */
public final class EveryMembershipEvent {

    static final OrganisationId ORGANISATION = new OrganisationId(new UUID(0, 1));
    static final Account ACCOUNT = new Account("https://login.example.org/realms/nrm", "b7a1c2d3");

    static final Account COLLEAGUE = new Account("https://login.example.org/realms/nrm", "c8b2d3e4");

    public static final List<MembershipEvent> OF_EACH_TYPE = List.of(
            new MembershipEvent.MemberRecorded(ORGANISATION, ACCOUNT, List.of("case-worker", "provider")),
            new MembershipEvent.MemberRemoved(ORGANISATION, ACCOUNT),
            new MembershipEvent.MembersCompleted(ORGANISATION),
            new MembershipEvent.OrganisationSuspended(ORGANISATION, SuspensionReason.SECURITY_INCIDENT),
            new MembershipEvent.OrganisationReactivated(ORGANISATION),
            new MembershipEvent.AbsenceDeclared(
                    ORGANISATION,
                    ACCOUNT,
                    new Absence(
                            Instant.parse("2026-11-23T08:00:00Z"), Instant.parse("2026-12-07T08:00:00Z"), COLLEAGUE)),
            new MembershipEvent.AbsenceEnded(ORGANISATION, ACCOUNT));

    private EveryMembershipEvent() {}
}
