package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.sealing.Personal;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.routing.Danger;
import org.passerelle.referral.routing.Ranking;
import org.passerelle.referral.routing.Reason;

/** What happens to a referral. {@code at} is when it happened, which may be before it was recorded. */
public sealed interface ReferralEvent {

    About about();

    Instant at();

    record ReferralRequested(Request request, Instant at) implements ReferralEvent {

        @Override
        public About about() {
            return request.about();
        }
    }

    /**
     * The routing decision with every service considered; the offer, task or gap that follows from it comes next.
     *
     * @param ranking sealed as a whole: beside the directory even which services waited for a free unit, and which did not,
     *     may tell a circumstance of the person. Null once the person is erased. In version 1, which was not sealed, it has
     *     another stored name ({@link ReferralStream#TYPES}), so that no case of before waits with its erasure
     */
    record NeedRouted(
            About about,
            RoutingTrigger trigger,

            @JsonProperty("considered") @Personal("attributes") @Nullable
            Ranking ranking,

            Instant at)
            implements ReferralEvent {

        /** Services that nothing but a free unit, or word of one, was wanting of. */
        Set<Ranking.Awaited> full() {
            return ranking == null ? Set.of() : ranking.full();
        }

        /** Those whose next free unit the need waits for. */
        Set<Ranking.Awaited> waitsFor() {
            return ranking == null || !ranking.kept().isEmpty() ? Set.of() : ranking.full();
        }

        /** Whether what happens elsewhere, unseen by this decision, may help a need that nobody was found for. */
        boolean wantsASecondLook() {
            return ranking != null
                    && ranking.kept().isEmpty()
                    && (!ranking.full().isEmpty() || ranking.besideAnother());
        }
    }

    record ServiceOffered(
            About about, OfferId offer, OrganisationId organisation, ServiceId service, Instant answerBy, Instant at)
            implements ReferralEvent {}

    /** The need goes out only when others of its package are further. */
    record NeedHeldBack(About about, Set<ReferralId> by, Instant at) implements ReferralEvent {}

    /**
     * A person chose another service than the ranking's first.
     *
     * @param note free text; never published
     * @param setAside what the ranking had against it; empty where it was only not the first, and once the person is erased
     * @param apart whether it parts the need from those that it should be together with
     */
    record ServiceChosen(
            About about,
            OrganisationId organisation,
            ServiceId service,
            ChoiceReason reason,
            @Personal("story") @Nullable String note,

            @Personal(value = "attributes", erased = "[]") List<Reason> setAside,

            boolean apart,
            Instant at)
            implements ReferralEvent {

        public ServiceChosen {
            setAside = List.copyOf(setAside);
        }

        @Override
        public String toString() {
            return "ServiceChosen[" + service + ", " + reason + "]";
        }
    }

    /** @param late the offer had expired; the yes counts all the same */
    record OfferAccepted(
            About about,
            OfferId offer,
            OrganisationId organisation,
            ServiceId service,
            AcceptanceChannel channel,
            @Personal("story") @Nullable TelephoneCall call,
            boolean late,
            Instant at)
            implements ReferralEvent {}

    /**
     * @param note free text for the sender; never published
     * @param call who told the sender no on the telephone; null where the organisation answered itself
     */
    record OfferDeclined(
            About about,
            OfferId offer,
            OrganisationId organisation,
            DeclineReason reason,
            @Personal("story") @Nullable String note,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Personal("story") @Nullable
            TelephoneCall call,

            Instant at)
            implements ReferralEvent {

        @Override
        public String toString() {
            return "OfferDeclined[" + offer + ", " + reason + "]";
        }
    }

    record OfferExpired(About about, OfferId offer, OrganisationId organisation, Instant at) implements ReferralEvent {}

    record OfferWithdrawn(About about, OfferId offer, OrganisationId organisation, WithdrawalReason reason, Instant at)
            implements ReferralEvent {}

    /** A yes that came after somebody else's: noted, so that a person can thank and release them. */
    record LateAcceptanceRecorded(
            About about,
            OfferId offer,
            OrganisationId organisation,
            AcceptanceChannel channel,
            @Personal("story") @Nullable TelephoneCall call,
            Instant at)
            implements ReferralEvent {}

    /** Whoever said yes too late was thanked, and keeps no place any more. */
    record LateAcceptanceReleased(About about, OfferId offer, OrganisationId organisation, Instant at)
            implements ReferralEvent {}

    /** Whoever gives the service is not to go on until the sender has decided. */
    record ServiceStopped(About about, OfferId offer, OrganisationId organisation, StopReason reason, Instant at)
            implements ReferralEvent {}

    /** What stopped the service does so no more. */
    record StopLifted(About about, OfferId offer, OrganisationId organisation, StopReason reason, Instant at)
            implements ReferralEvent {}

    /**
     * What of the dangers of the case is known where the service is given, as of now; when that has changed.
     *
     * @param toReview whether whoever keeps the case has still to look at some of it; beside what is sealed, for who may
     *     not open it
     */
    record DangersFound(
            About about,
            OfferId offer,

            @Personal(value = "attributes", erased = "[]") List<Danger> dangers,

            boolean toReview,
            Instant at)
            implements ReferralEvent {

        public DangersFound {
            dangers = List.copyOf(dangers);
        }

        @Override
        public String toString() {
            return "DangersFound[" + offer + ", " + toReview + "]";
        }
    }

    /**
     * Whoever keeps the case looked at the dangers that were found, and the person stays where they are.
     *
     * @param note free text, for the requester's side alone; never published
     */
    record PlacementReviewed(
            About about,
            OfferId offer,
            @Personal("story") @Nullable String note,
            Instant at) implements ReferralEvent {

        @Override
        public String toString() {
            return "PlacementReviewed[" + offer + "]";
        }
    }

    /**
     * The requester has something to decide beside the next step.
     *
     * @param by until when; null once nothing is to be decided any more
     */
    record DecisionAwaited(About about, @Nullable Instant by, Instant at) implements ReferralEvent {}

    /** @param again when the next is told, if nothing is decided by then */
    record DecisionOverdue(About about, NextStep.Told told, Instant again, Instant at) implements ReferralEvent {}

    record CaseWorkerTaskRaised(About about, TaskReason reason, Instant at) implements ReferralEvent {}

    record ServiceGapFound(About about, Instant at) implements ReferralEvent {}

    /** The organisation that is asked has seen the offer. */
    record OfferAcknowledged(About about, OfferId offer, OrganisationId organisation, Instant at)
            implements ReferralEvent {}

    /** @param account whose of the organisation the referral is; a hash, see {@code Memberships.account} */
    record ReferralClaimed(About about, OrganisationId organisation, String account, ClaimReason reason, Instant at)
            implements ReferralEvent {}

    /** The referral lies in the organisation's inbox again. */
    record ClaimReturned(About about, OrganisationId organisation, ClaimReason reason, Instant at)
            implements ReferralEvent {}

    /** The provider met the person. */
    record ServiceBegun(About about, OrganisationId organisation, Instant at) implements ReferralEvent {}

    /** @param note free text of the provider; never published */
    record ReferralHeld(
            About about,
            OrganisationId organisation,
            PauseReason reason,
            @Personal("story") @Nullable String note,
            Instant at)
            implements ReferralEvent {

        @Override
        public String toString() {
            return "ReferralHeld[" + organisation + ", " + reason + "]";
        }
    }

    record ReferralResumed(About about, OrganisationId organisation, Instant at) implements ReferralEvent {}

    /**
     * A link for an organisation without accounts.
     *
     * @param tokenHash SHA-256 of what the link is made of
     * @param codeHash SHA-256 of that and of the code told by telephone: neither opens anything
     */
    record LinkIssued(
            About about,
            UUID link,
            OfferId offer,
            OrganisationId organisation,
            String tokenHash,
            String codeHash,
            Instant until,
            Instant at)
            implements ReferralEvent {}

    /** Somebody looked, with the right code. */
    record LinkOpened(About about, UUID link, OrganisationId organisation, Instant at) implements ReferralEvent {}

    /**
     * Whoever gives the service by it can go on reporting.
     *
     * @param until when it ends now
     */
    record LinkRenewed(About about, UUID link, Instant until, Instant at) implements ReferralEvent {}

    record LinkRevoked(About about, UUID link, LinkEnd reason, Instant at) implements ReferralEvent {}

    /**
     * The service goes on, and the provider says so.
     *
     * @param note free text of the provider; never published
     */
    record ProgressReported(
            About about,
            OrganisationId organisation,
            HowItGoes progress,
            @Personal("story") @Nullable String note,
            Instant at)
            implements ReferralEvent {

        @Override
        public String toString() {
            return "ProgressReported[" + organisation + ", " + progress + "]";
        }
    }

    /** @param by when the step is to be taken; else its owner is told */
    record StepAwaited(About about, NextStep step, OrganisationId of, Instant by, Instant at)
            implements ReferralEvent {}

    /**
     * Nobody serves the need yet: who was asked did not take it, or its own clock ran out before the first contact.
     *
     * @param told the requester (reminder), their supervisor, the coordinator
     */
    record NeedEscalated(About about, NextStep.Told told, Instant at) implements ReferralEvent {}

    /** @param again when the next is told, if the step is still not taken */
    record StepOverdue(About about, NextStep step, OrganisationId of, NextStep.Told told, Instant again, Instant at)
            implements ReferralEvent {}

    /** @param note free text of the provider; never published */
    record ReferralCompleted(
            About about,
            OrganisationId organisation,
            Outcome outcome,
            @Personal("story") @Nullable String note,
            Instant at)
            implements ReferralEvent {

        @Override
        public String toString() {
            return "ReferralCompleted[" + organisation + ", " + outcome + "]";
        }
    }

    /**
     * Whoever gave the service passed the referral on; the need is routed again.
     *
     * @param note free text of the provider; never published
     * @param needDueAt the end of the need's clock, which runs again and is the one it always had
     */
    record ReferralTransferred(
            About about,
            OfferId offer,
            OrganisationId organisation,
            TransferReason reason,
            @Personal("story") @Nullable String note,
            Instant needDueAt,
            Instant at)
            implements ReferralEvent {

        @Override
        public String toString() {
            return "ReferralTransferred[" + organisation + ", " + reason + "]";
        }
    }

    /** @param provider who was giving the service, if anybody */
    record ReferralCancelled(
            About about,
            CancellationReason reason,
            @Nullable OrganisationId provider,
            Instant at) implements ReferralEvent {}
}
