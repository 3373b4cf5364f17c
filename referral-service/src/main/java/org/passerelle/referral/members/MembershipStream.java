package org.passerelle.referral.members;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.members.MembershipCommand.CompleteMembers;
import org.passerelle.referral.members.MembershipCommand.DeclareAbsence;
import org.passerelle.referral.members.MembershipCommand.EndAbsence;
import org.passerelle.referral.members.MembershipCommand.Reactivate;
import org.passerelle.referral.members.MembershipCommand.RecordMember;
import org.passerelle.referral.members.MembershipCommand.RemoveMember;
import org.passerelle.referral.members.MembershipCommand.Suspend;
import org.passerelle.referral.members.MembershipEvent.AbsenceDeclared;
import org.passerelle.referral.members.MembershipEvent.AbsenceEnded;
import org.passerelle.referral.members.MembershipEvent.MemberRecorded;
import org.passerelle.referral.members.MembershipEvent.MemberRemoved;
import org.passerelle.referral.members.MembershipEvent.MembersCompleted;
import org.passerelle.referral.members.MembershipEvent.OrganisationReactivated;
import org.passerelle.referral.members.MembershipEvent.OrganisationSuspended;
import org.passerelle.referral.referring.ReferralStream;

/** The membership of an organisation: one stream each, beside its entry in the directory, which comes by imports. */
public final class MembershipStream {

    public static final String CATEGORY = "membership";

    public static final EventTypes<MembershipEvent> TYPES = EventTypes.of(MembershipEvent.class)
            .type("membership.member-recorded", 1, MemberRecorded.class)
            .type("membership.member-removed", 1, MemberRemoved.class)
            .type("membership.members-completed", 1, MembersCompleted.class)
            .type("membership.organisation-suspended", 1, OrganisationSuspended.class)
            .type("membership.organisation-reactivated", 1, OrganisationReactivated.class)
            .type("membership.absence-declared", 1, AbsenceDeclared.class)
            .type("membership.absence-ended", 1, AbsenceEnded.class)
            .build();

    static final String STANDING_CHANGED = "standing-changed";

    /** The second look, for what was offered or accepted at that very moment. */
    private static final String STANDING_SETTLED = "standing-settled";

    /** Somebody's absence begins: this and the account, hashed. */
    static final String AWAY = "away:";

    private MembershipStream() {}

    public static StreamKind<MembershipCommand, Membership, MembershipEvent> of(OrganisationId organisation) {
        return StreamKind.of(CATEGORY, new Rules(organisation), TYPES);
    }

    /**
     * The same, for commands: after a suspension and after its end other services can be offered than before, and what the
     * organisation holds goes another way. When an absence begins, what its account claimed does.
     *
     * @param now when the needs that wait for a service, and those that it holds, are looked at again because of it
     */
    public static StreamKind<MembershipCommand, Membership, MembershipEvent> of(
            OrganisationId organisation, Instant now) {
        return new StreamKind<>(CATEGORY, new Rules(organisation), TYPES, event -> switch (event) {
            case OrganisationSuspended suspended -> changed(now);
            case OrganisationReactivated reactivated -> changed(now);
            case MemberRecorded recorded -> List.of();
            case MemberRemoved removed -> List.of(DeadlineChange.cancel(away(removed.account())));
            case MembersCompleted completed -> List.of();
            case AbsenceDeclared declared ->
                List.of(DeadlineChange.set(
                        away(declared.account()), declared.absence().from()));
            case AbsenceEnded ended -> List.of(DeadlineChange.cancel(away(ended.account())));
        });
    }

    private static List<DeadlineChange> changed(Instant now) {
        return List.of(
                DeadlineChange.set(STANDING_CHANGED, now),
                DeadlineChange.set(STANDING_SETTLED, now.plus(ReferralStream.SETTLED)));
    }

    private static String away(Account account) {
        return AWAY + account.hashed();
    }

    public static StreamId stream(OrganisationId organisation) {
        return new StreamId(CATEGORY, organisation.toString());
    }

    /** The rules of one organisation's membership. */
    record Rules(OrganisationId organisation) implements Decider<MembershipCommand, Membership, MembershipEvent> {

        @Override
        public Membership initial() {
            return Membership.NOTHING_RECORDED;
        }

        @Override
        public List<MembershipEvent> decide(MembershipCommand command, Membership state) {
            return switch (command) {
                case RecordMember one ->
                    one.roles().equals(state.members().get(one.account()))
                            ? List.of()
                            : List.of(new MemberRecorded(organisation, one.account(), one.roles()));
                // Somebody who is not on the list can be removed: then the record says so and no token helps.
                case RemoveMember one ->
                    state.removed().contains(one.account())
                            ? List.of()
                            : List.of(new MemberRemoved(organisation, one.account()));
                case CompleteMembers all -> completed(state);
                case Suspend suspend ->
                    state.suspended().isPresent()
                            ? List.of()
                            : List.of(new OrganisationSuspended(organisation, suspend.reason()));
                case Reactivate again ->
                    state.suspended().isPresent() ? List.of(new OrganisationReactivated(organisation)) : List.of();
                case DeclareAbsence declare -> declared(declare, state);
                case EndAbsence end -> {
                    Absence absence = state.absences().get(end.account());
                    yield absence == null || absence.isOver(end.at())
                            ? List.of()
                            : List.of(new AbsenceEnded(organisation, end.account()));
                }
            };
        }

        private List<MembershipEvent> declared(DeclareAbsence command, Membership state) {
            Absence absence = command.absence();
            if (!absence.from().isBefore(absence.until()) || absence.isOver(command.at())) {
                throw Refusal.of("absence-over").invalid().field("until");
            }
            if (absence.from().isAfter(command.at().plus(Absence.LONGEST))) {
                throw Refusal.of("absence-too-far").invalid().field("from").with(Absence.LONGEST.toDays());
            }
            if (absence.until().isAfter(absence.from().plus(Absence.LONGEST))) {
                throw Refusal.of("absence-too-long").invalid().field("until").with(Absence.LONGEST.toDays());
            }
            if (!state.mayAct(command.account())) {
                throw Refusal.of("not-a-member").invalid().field("subject");
            }
            // As with the cover: one letter too few, and what somebody has would stay with them while they are away.
            if (!command.account().equals(command.by()) && !state.members().containsKey(command.account())) {
                throw Refusal.of("not-on-record").invalid().field("subject");
            }
            requireCover(command.account(), absence.cover(), state);
            Absence before = state.absences().get(command.account());
            requireNoneGivenUp(before, command);
            return absence.equals(before)
                    ? List.of()
                    : List.of(new AbsenceDeclared(organisation, command.account(), absence));
        }

        /** Whoever says the next absence does not mean that this one is over: until then nobody would be away. */
        private static void requireNoneGivenUp(@Nullable Absence before, DeclareAbsence command) {
            if (before != null
                    && before.at(command.at())
                    && command.absence().from().isAfter(command.at())) {
                throw Refusal.of("absence-running")
                        .field("from")
                        .with(before.until().toString());
            }
        }

        /** Somebody on record: one letter too few, and referrals would wait with nobody. */
        private static void requireCover(Account account, @Nullable Account cover, Membership state) {
            if (account.equals(cover)) {
                throw Refusal.of("cover-is-oneself").invalid().field("cover");
            }
            if (cover != null && !state.canCover(cover)) {
                throw Refusal.of("cover-cannot").invalid().field("cover");
            }
        }

        /** A complete list of nobody would shut an organisation out in one step. */
        private List<MembershipEvent> completed(Membership state) {
            if (state.complete()) {
                return List.of();
            }
            if (state.members().isEmpty()) {
                throw Refusal.of("no-members-recorded");
            }
            return List.of(new MembersCompleted(organisation));
        }

        @Override
        public Membership evolve(Membership state, MembershipEvent event) {
            return switch (event) {
                case MemberRecorded recorded -> state.with(recorded.account(), recorded.roles());
                case MemberRemoved removed -> state.without(removed.account());
                case MembersCompleted completed -> state.completed();
                case OrganisationSuspended suspended -> state.suspended(Optional.of(suspended.reason()));
                case OrganisationReactivated reactivated -> state.suspended(Optional.empty());
                case AbsenceDeclared declared -> state.away(declared.account(), declared.absence());
                case AbsenceEnded ended -> state.back(ended.account());
            };
        }
    }
}
