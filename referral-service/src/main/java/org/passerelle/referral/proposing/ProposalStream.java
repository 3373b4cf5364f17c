package org.passerelle.referral.proposing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.proposing.ProposalEvent.CounterReferralAcknowledged;
import org.passerelle.referral.proposing.ProposalEvent.OnwardReferralAgreed;
import org.passerelle.referral.proposing.ProposalEvent.OnwardReferralRefused;
import org.passerelle.referral.proposing.ProposalEvent.ProposalMade;
import org.passerelle.referral.proposing.ProposalEvent.ProposalUnanswered;
import org.passerelle.referral.referring.NextStep.Told;

/** A proposal: its rules, its clock, and how it is stored: one stream each. */
public final class ProposalStream {

    public static final String CATEGORY = "proposal";

    /** Until when the sender is to answer. */
    static final String ANSWER = "answer";

    /** A client in a loop must not fill the sender's list. */
    static final int MOST_OPEN = 20;

    /** Nobody is told more seldom than this. */
    private static final Duration MOST_SELDOM = Duration.ofDays(7);

    public static final EventTypes<ProposalEvent> TYPES = EventTypes.of(ProposalEvent.class)
            .type("proposal.made", 1, ProposalMade.class)
            .type("proposal.onward-agreed", 1, OnwardReferralAgreed.class)
            .type("proposal.onward-refused", 1, OnwardReferralRefused.class)
            .type("proposal.counter-acknowledged", 1, CounterReferralAcknowledged.class)
            .type("proposal.unanswered", 1, ProposalUnanswered.class)
            .about((stream, event) -> event.about().caseCode().value())
            .build();

    public static final StreamKind<ProposalCommand, Proposal, ProposalEvent> KIND =
            new StreamKind<>(CATEGORY, new Rules(), TYPES, ProposalStream::deadlines);

    private ProposalStream() {}

    public static StreamId of(UUID proposal) {
        return new StreamId(CATEGORY, proposal.toString());
    }

    static List<DeadlineChange> deadlines(ProposalEvent event) {
        return switch (event) {
            case ProposalMade made -> List.of(DeadlineChange.set(ANSWER, made.answerBy()));
            case ProposalUnanswered unanswered -> List.of(DeadlineChange.set(ANSWER, unanswered.again()));
            case OnwardReferralAgreed answered -> List.of(DeadlineChange.cancel(ANSWER));
            case OnwardReferralRefused answered -> List.of(DeadlineChange.cancel(ANSWER));
            case CounterReferralAcknowledged answered -> List.of(DeadlineChange.cancel(ANSWER));
        };
    }

    /** What can be asked of a proposal. */
    public sealed interface ProposalCommand {

        /** @param open how many of the same referral wait for an answer */
        record MakeProposal(ProposalMade made, long open) implements ProposalCommand {}

        /** @param reason of a refusal, and only of one */
        record AnswerProposal(
                ProposalAnswer answer, @Nullable ProposalRefusal reason, Instant at) implements ProposalCommand {}

        /** @param closed whether the case is: then nobody is told any more */
        record NoteUnanswered(boolean closed, Instant at) implements ProposalCommand {}
    }

    /**
     * @param made null before
     * @param answer null while it is open
     * @param due when the sender is to have answered, or the next is told
     * @param told how often somebody was
     */
    public record Proposal(
            @Nullable ProposalMade made,
            @Nullable ProposalAnswer answer,
            @Nullable Instant due,
            int told) {

        private Proposal answered(ProposalAnswer now) {
            return new Proposal(made, now, null, told);
        }
    }

    private static final class Rules implements Decider<ProposalCommand, Proposal, ProposalEvent> {

        @Override
        public Proposal initial() {
            return new Proposal(null, null, null, 0);
        }

        @Override
        public List<ProposalEvent> decide(ProposalCommand command, Proposal state) {
            return switch (command) {
                case ProposalCommand.MakeProposal make -> make(make, state);
                case ProposalCommand.AnswerProposal answer -> answer(answer, state);
                case ProposalCommand.NoteUnanswered unanswered -> unanswered(unanswered, state);
            };
        }

        private static List<ProposalEvent> make(ProposalCommand.MakeProposal command, Proposal state) {
            if (state.made() != null) {
                return List.of();
            }
            if (command.open() >= MOST_OPEN) {
                throw Refusal.of("too-many-proposals");
            }
            ProposalMade made = command.made();
            switch (made.kind()) {
                case ONWARD_REFERRAL -> {
                    if (made.needs().size() != 1) {
                        throw Refusal.of("one-need-onward").invalid().field("needs");
                    }
                    if (made.outcome() != null) {
                        throw Refusal.of("outcome-when-it-goes-back").invalid().field("outcome");
                    }
                }
                case COUNTER_REFERRAL -> {
                    if (made.outcome() == null) {
                        throw Refusal.of("outcome-when-it-goes-back").invalid().field("outcome");
                    }
                }
            }
            return List.of(made);
        }

        private static List<ProposalEvent> answer(ProposalCommand.AnswerProposal command, Proposal state) {
            ProposalMade made = state.made();
            if (made == null) {
                throw Refusal.of("proposal-unknown").unknown();
            }
            if (command.answer() == state.answer()) {
                return List.of();
            }
            if (state.answer() != null) {
                throw Refusal.of("proposal-answered");
            }
            boolean onward = made.kind() == ProposalKind.ONWARD_REFERRAL;
            if (onward == (command.answer() == ProposalAnswer.ACKNOWLEDGED)) {
                throw Refusal.of("answer-of-the-other-kind").invalid().field("answer");
            }
            ProposalRefusal reason = command.reason();
            if ((command.answer() == ProposalAnswer.REFUSED) != (reason != null)) {
                throw Refusal.of("reason-of-a-refusal").invalid().field("reason");
            }
            if (reason != null) {
                return List.of(new OnwardReferralRefused(made.proposal(), made.about(), reason, command.at()));
            }
            return List.of(
                    onward
                            ? new OnwardReferralAgreed(
                                    made.proposal(),
                                    made.about(),
                                    made.needs().getFirst(),
                                    made.urgency(),
                                    made.place(),
                                    made.at(),
                                    command.at())
                            : new CounterReferralAcknowledged(made.proposal(), made.about(), command.at()));
        }

        /** Its own life again each time, at most a week. */
        private static List<ProposalEvent> unanswered(ProposalCommand.NoteUnanswered command, Proposal state) {
            ProposalMade made = state.made();
            Instant due = state.due();
            Instant at = command.at();
            if (command.closed() || made == null || due == null || at.isBefore(due)) {
                return List.of();
            }
            Told told = state.told() == 0 ? Told.OWNER : state.told() == 1 ? Told.SUPERVISOR : Told.COORDINATOR;
            Duration life = Duration.between(made.at(), made.answerBy()).multipliedBy(1L << Math.min(state.told(), 12));
            Duration wait = life.compareTo(MOST_SELDOM) > 0 ? MOST_SELDOM : life;
            return List.of(new ProposalUnanswered(made.proposal(), made.about(), told, at.plus(wait), at));
        }

        @Override
        public Proposal evolve(Proposal state, ProposalEvent event) {
            return switch (event) {
                case ProposalMade made -> new Proposal(made, null, made.answerBy(), 0);
                case ProposalUnanswered unanswered ->
                    new Proposal(state.made(), state.answer(), unanswered.again(), state.told() + 1);
                case OnwardReferralAgreed agreed -> state.answered(ProposalAnswer.AGREED);
                case OnwardReferralRefused refused -> state.answered(ProposalAnswer.REFUSED);
                case CounterReferralAcknowledged seen -> state.answered(ProposalAnswer.ACKNOWLEDGED);
            };
        }
    }
}
