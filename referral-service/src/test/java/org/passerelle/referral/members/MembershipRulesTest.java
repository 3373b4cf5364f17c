package org.passerelle.referral.members;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.passerelle.referral.members.EveryMembershipEvent.ACCOUNT;
import static org.passerelle.referral.members.EveryMembershipEvent.ORGANISATION;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.members.MembershipCommand.CompleteMembers;
import org.passerelle.referral.members.MembershipCommand.Reactivate;
import org.passerelle.referral.members.MembershipCommand.RecordMember;
import org.passerelle.referral.members.MembershipCommand.RemoveMember;
import org.passerelle.referral.members.MembershipCommand.Suspend;
import org.passerelle.referral.members.MembershipEvent.MemberRecorded;
import org.passerelle.referral.members.MembershipEvent.MemberRemoved;
import org.passerelle.referral.members.MembershipEvent.OrganisationSuspended;

class MembershipRulesTest {

    private static final MembershipStream.Rules RULES = new MembershipStream.Rules(ORGANISATION);

    private static List<MembershipEvent> afterAll(MembershipCommand... commands) {
        List<MembershipEvent> events = new ArrayList<>();
        for (MembershipCommand command : commands) {
            events.addAll(RULES.decide(command, RULES.fold(RULES.initial(), events)));
        }
        return events;
    }

    @Test
    void aRepeatAddsNothing() {
        for (MembershipCommand command : List.of(
                new RecordMember(ACCOUNT, List.of("provider")),
                new RemoveMember(ACCOUNT),
                new Suspend(SuspensionReason.COMPLAINT))) {
            assertThat(afterAll(command, command)).hasSize(1);
        }
        assertThat(afterAll(
                        new RecordMember(ACCOUNT, List.of("provider")), new CompleteMembers(), new CompleteMembers()))
                .hasSize(2);
        assertThat(afterAll(new Suspend(SuspensionReason.OTHER), new Reactivate(), new Reactivate()))
                .hasSize(2);
    }

    @Test
    void theSameRolesInAnotherOrderAreTheSameRoles() {
        assertThat(afterAll(
                        new RecordMember(ACCOUNT, List.of("provider", "case-worker")),
                        new RecordMember(ACCOUNT, List.of("case-worker", "provider", "provider"))))
                .containsExactly(new MemberRecorded(ORGANISATION, ACCOUNT, List.of("case-worker", "provider")));
    }

    @Test
    void whoWasNeverOnTheListCanBeRemovedAndCanComeBack() {
        assertThat(afterAll(new RemoveMember(ACCOUNT), new RecordMember(ACCOUNT, List.of("provider"))))
                .containsExactly(
                        new MemberRemoved(ORGANISATION, ACCOUNT),
                        new MemberRecorded(ORGANISATION, ACCOUNT, List.of("provider")));
    }

    @Test
    void aListOfNobodyIsNotCompleted() {
        assertThatThrownBy(() -> afterAll(new CompleteMembers()))
                .isInstanceOf(Refusal.class)
                .hasMessage("no-members-recorded");
        assertThatThrownBy(() -> afterAll(
                        new RecordMember(ACCOUNT, List.of("provider")),
                        new RemoveMember(ACCOUNT),
                        new CompleteMembers()))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void aSuspensionLeavesTheMembersAsTheyAre() {
        List<MembershipEvent> events =
                afterAll(new RecordMember(ACCOUNT, List.of("provider")), new Suspend(SuspensionReason.INACTIVE));
        assertThat(events).last().isEqualTo(new OrganisationSuspended(ORGANISATION, SuspensionReason.INACTIVE));
        assertThat(RULES.fold(RULES.initial(), events).members()).containsKey(ACCOUNT);
    }
}
