package org.passerelle.referral.members;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.passerelle.referral.members.EveryMembershipEvent.ACCOUNT;
import static org.passerelle.referral.members.EveryMembershipEvent.COLLEAGUE;
import static org.passerelle.referral.members.EveryMembershipEvent.ORGANISATION;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.passerelle.edge.AccessPolicy;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Role;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.members.MembershipCommand.CompleteMembers;
import org.passerelle.referral.members.MembershipCommand.DeclareAbsence;
import org.passerelle.referral.members.MembershipCommand.EndAbsence;
import org.passerelle.referral.members.MembershipCommand.Reactivate;
import org.passerelle.referral.members.MembershipCommand.RecordMember;
import org.passerelle.referral.members.MembershipCommand.RemoveMember;
import org.passerelle.referral.members.MembershipCommand.Suspend;
import org.passerelle.referral.members.MembershipEvent.AbsenceEnded;
import org.passerelle.referral.members.MembershipEvent.MemberRecorded;
import org.passerelle.referral.members.MembershipEvent.MemberRemoved;
import org.passerelle.referral.members.MembershipEvent.OrganisationSuspended;

class MembershipRulesTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
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

    @Test
    void oneAbsenceTakesThePlaceOfTheOther_andEndsWithTheMembership() {
        RecordMember colleague = new RecordMember(COLLEAGUE, List.of("provider"));
        DeclareAbsence covered = away(Duration.ofDays(1), Duration.ofDays(15), COLLEAGUE);
        assertThat(afterAll(colleague, covered, covered)).hasSize(2);
        DeclareAbsence longer = away(Duration.ofDays(1), Duration.ofDays(20), null);
        List<MembershipEvent> changed = afterAll(colleague, covered, longer);
        assertThat(RULES.fold(RULES.initial(), changed).absences()).containsExactly(entry(ACCOUNT, longer.absence()));
        EndAbsence back = new EndAbsence(ACCOUNT, NOW);
        assertThat(afterAll(colleague, covered, back, back)).last().isEqualTo(new AbsenceEnded(ORGANISATION, ACCOUNT));
        assertThat(afterAll(colleague, covered, back, back)).hasSize(3);
        assertThat(afterAll(colleague, covered, new EndAbsence(ACCOUNT, NOW.plus(Duration.ofDays(15)))))
                .as("it was over by itself")
                .hasSize(2);
        assertThat(RULES.fold(RULES.initial(), afterAll(colleague, covered, new RemoveMember(ACCOUNT)))
                        .absences())
                .isEmpty();
    }

    @Test
    void anAbsenceIsInTimeAndCoveredBySomebodyWhoCan() {
        assertThat(refusal(away(Duration.ZERO, Duration.ZERO, null))).isEqualTo("absence-over");
        assertThat(refusal(away(Duration.ofDays(-2), Duration.ZERO, null))).isEqualTo("absence-over");
        assertThat(refusal(away(Duration.ofDays(367), Duration.ofDays(368), null)))
                .isEqualTo("absence-too-far");
        assertThat(refusal(away(Duration.ZERO, Duration.ofDays(367), null))).isEqualTo("absence-too-long");
        assertThat(refusal(away(Duration.ZERO, Duration.ofDays(1), ACCOUNT))).isEqualTo("cover-is-oneself");
        assertThat(refusal(away(Duration.ZERO, Duration.ofDays(1), COLLEAGUE))).isEqualTo("cover-cannot");
        assertThat(refusal(
                        new RecordMember(COLLEAGUE, List.of("case-worker", "supervisor")),
                        away(Duration.ZERO, Duration.ofDays(1), COLLEAGUE)))
                .isEqualTo("cover-cannot");
        assertThat(refusal(new RemoveMember(ACCOUNT), away(Duration.ZERO, Duration.ofDays(1), null)))
                .isEqualTo("not-a-member");
        assertThat(afterAll(away(Duration.ofDays(366), Duration.ofDays(2 * 366), null)))
                .hasSize(1);
    }

    /** What a later one would give up without saying so. */
    @Test
    void anAbsenceThatLastsIsChangedButNoLaterOneTakesItsPlace() {
        DeclareAbsence running = away(Duration.ofDays(-4), Duration.ofDays(9), null);
        assertThat(refusal(running, away(Duration.ofDays(48), Duration.ofDays(58), null)))
                .isEqualTo("absence-running");
        assertThat(refusal(running, away(Duration.ofMillis(1), Duration.ofDays(9), null)))
                .isEqualTo("absence-running");
        assertThat(afterAll(running, away(Duration.ZERO, Duration.ofDays(20), null)))
                .as("prolonged")
                .hasSize(2);
        assertThat(afterAll(running, away(Duration.ofDays(-4), Duration.ofDays(2), null)))
                .as("shortened")
                .hasSize(2);
        Absence next = away(Duration.ofDays(48), Duration.ofDays(58), null).absence();
        assertThat(afterAll(running, new EndAbsence(ACCOUNT, NOW), new DeclareAbsence(ACCOUNT, next, ACCOUNT, NOW)))
                .hasSize(3);
        Instant over = NOW.plus(Duration.ofDays(9));
        assertThat(afterAll(running, new DeclareAbsence(ACCOUNT, next, ACCOUNT, over)))
                .hasSize(2);
    }

    @Test
    void ofAnotherAnAbsenceIsSaidOnlyWhereTheyAreOnRecord() {
        Absence absence = new Absence(NOW, NOW.plus(Duration.ofDays(3)), null);
        DeclareAbsence byAnother = new DeclareAbsence(ACCOUNT, absence, COLLEAGUE, NOW);
        assertThat(refusal(byAnother)).isEqualTo("not-on-record");
        assertThat(refusal(new RecordMember(COLLEAGUE, List.of("supervisor")), byAnother))
                .isEqualTo("not-on-record");
        assertThat(afterAll(new RecordMember(ACCOUNT, List.of("provider")), byAnother))
                .hasSize(2);
        assertThat(afterAll(new DeclareAbsence(ACCOUNT, absence, ACCOUNT, NOW)))
                .as("one's own: the token spells it")
                .hasSize(1);
    }

    /** Two places say who may have referrals: the policy, and who can cover them. */
    @Test
    void whoCanCoverIsWhoMayClaim() {
        assertThat(Absence.OF_WHO_CLAIMS)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Role.values())
                        .filter(role -> AccessPolicy.shipped()
                                .mayEver(
                                        new Caller("issuer", "subject", "organisation", Set.of(role)),
                                        "referral.claim"))
                        .map(Role::code)
                        .toList());
    }

    private static String refusal(MembershipCommand... commands) {
        return catchThrowableOfType(Refusal.class, () -> afterAll(commands)).code();
    }

    private static DeclareAbsence away(Duration from, Duration until, @Nullable Account cover) {
        return new DeclareAbsence(ACCOUNT, new Absence(NOW.plus(from), NOW.plus(until), cover), ACCOUNT, NOW);
    }
}
