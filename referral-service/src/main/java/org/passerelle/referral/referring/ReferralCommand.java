package org.passerelle.referral.referring;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.Lifecycle.Step;

/** What can be asked of a referral. {@code at} is now, except where a command says otherwise. */
public sealed interface ReferralCommand {

    Instant at();

    /** As what somebody asks it; see {@link Lifecycle}. */
    Party by();

    /** What it does to the referral's life. */
    default Step step() {
        return switch (this) {
            case RequestReferral _ -> Step.REQUEST;
            case RouteAgain _ -> Step.ROUTE_AGAIN;
            case ChooseService _ -> Step.CHOOSE;
            case AcceptOffer _ -> Step.ACCEPT;
            case DeclineOffer _ -> Step.DECLINE;
            case ReleaseLate _ -> Step.RELEASE;
            case ExpireOffer _ -> Step.EXPIRE;
            case NoteOverdue _ -> Step.NOTE_OVERDUE;
            case AcknowledgeOffer _ -> Step.ACKNOWLEDGE;
            case ClaimReferral _ -> Step.CLAIM;
            case CoverClaim _ -> Step.CLAIM;
            case ReturnClaim _ -> Step.RETURN_CLAIM;
            case BeginService _ -> Step.BEGIN;
            case HoldReferral _ -> Step.HOLD;
            case ResumeReferral _ -> Step.RESUME;
            case ReportProgress _ -> Step.REPORT_PROGRESS;
            case CompleteReferral _ -> Step.COMPLETE;
            case TransferReferral _ -> Step.TRANSFER;
            case CancelReferral _ -> Step.CANCEL;
            case IssueLink _ -> Step.ISSUE_LINK;
            case ActByLink act -> act.act().step();
            case OpenLink _ -> Step.OPEN_LINK;
            case RevokeLink _ -> Step.REVOKE_LINK;
            case EscalateStep _ -> Step.ESCALATE;
            case EscalateDecision _ -> Step.ESCALATE;
            case ReviewPlacement _ -> Step.REVIEW_PLACEMENT;
        };
    }

    /** What nobody asks but a clock or another event. */
    sealed interface OfTheSystem extends ReferralCommand {
        @Override
        default Party by() {
            return Party.SYSTEM;
        }
    }

    sealed interface OfTheRequester extends ReferralCommand {
        @Override
        default Party by() {
            return Party.REQUESTER;
        }
    }

    sealed interface OfTheReceiver extends ReferralCommand {
        @Override
        default Party by() {
            return Party.RECEIVER;
        }
    }

    record RequestReferral(Request request, Surroundings around, Instant at) implements OfTheSystem {}

    /** Route again if the referral waits; take back an open offer that consent no longer covers. */
    record RouteAgain(RoutingTrigger trigger, Surroundings around, Party by, Instant at) implements ReferralCommand {

        public RouteAgain(RoutingTrigger trigger, Surroundings around, Instant at) {
            this(trigger, around, trigger == RoutingTrigger.ASKED ? Party.REQUESTER : Party.SYSTEM, at);
        }
    }

    /** A person wants this service asked, whatever the ranking says; see {@link Routing} for what nobody overrides. */
    record ChooseService(
            ServiceId service,
            ChoiceReason reason,
            @Nullable String note,
            Surroundings around,
            Party by,
            Instant at) implements ReferralCommand {}

    /**
     * @param call null when the provider answers itself
     * @param around for a late yes: the consent must still cover it; and who is suspended gives no service
     */
    record AcceptOffer(OfferId offer, @Nullable TelephoneCall call, Surroundings around, Instant at)
            implements ReferralCommand {

        @Override
        public Party by() {
            return call == null ? Party.RECEIVER : Party.REQUESTER;
        }
    }

    /** @param call null when the provider answers itself */
    record DeclineOffer(
            OfferId offer,
            DeclineReason reason,
            @Nullable String note,
            @Nullable TelephoneCall call,
            Surroundings around,
            Instant at)
            implements ReferralCommand {

        public DeclineOffer(
                OfferId offer, DeclineReason reason, @Nullable String note, Surroundings around, Instant at) {
            this(offer, reason, note, null, around, at);
        }

        @Override
        public Party by() {
            return call == null ? Party.RECEIVER : Party.REQUESTER;
        }
    }

    /** Whoever said yes too late was thanked and released. */
    record ReleaseLate(OfferId offer, Party by, Instant at) implements ReferralCommand {}

    record ExpireOffer(OfferId offer, Surroundings around, Instant at) implements OfTheSystem {}

    record NoteOverdue(Instant at) implements OfTheSystem {}

    /** The organisation that is asked has seen the offer. */
    record AcknowledgeOffer(OfferId offer, Instant at) implements OfTheReceiver {}

    /**
     * @param account whose the referral is from now on, as {@code Memberships.account} writes it
     * @param reason why it is given to whoever is named
     * @param covering whether that is somebody who is away, and the account covers them
     * @param asking whoever asks for it
     * @param organisation for which they ask
     */
    record ClaimReferral(
            String account,
            ClaimReason reason,
            boolean covering,
            String asking,
            OrganisationId organisation,
            Instant at)
            implements OfTheReceiver {

        public ClaimReferral(
                String account, ClaimReason reason, String asking, OrganisationId organisation, Instant at) {
            this(account, reason, false, asking, organisation, at);
        }
    }

    /**
     * Whoever claimed the referral is away.
     *
     * @param absent whose claim it is; that of anybody else stays
     * @param cover whose the referral is from now on
     */
    record CoverClaim(String absent, String cover, OrganisationId organisation, Instant at) implements OfTheSystem {}

    /**
     * @param account whose claim it is; that of anybody else stays
     * @param organisation for which they claimed it
     */
    record ReturnClaim(String account, ClaimReason reason, OrganisationId organisation, Party by, Instant at)
            implements ReferralCommand {}

    /** The provider met the person. */
    record BeginService(Party by, Instant at) implements ReferralCommand {}

    record HoldReferral(PauseReason reason, @Nullable String note, Party by, Instant at) implements ReferralCommand {}

    record ResumeReferral(Party by, Instant at) implements ReferralCommand {}

    /** The service goes on. */
    record ReportProgress(HowItGoes progress, @Nullable String note, Party by, Instant at) implements ReferralCommand {}

    record CompleteReferral(Outcome outcome, @Nullable String note, Party by, Instant at) implements ReferralCommand {

        public CompleteReferral(Outcome outcome, @Nullable String note, Instant at) {
            this(outcome, note, Party.RECEIVER, at);
        }
    }

    /** Whoever gives the service cannot go on with it: the need goes on to the next best. */
    record TransferReferral(TransferReason reason, @Nullable String note, Surroundings around, Party by, Instant at)
            implements ReferralCommand {}

    record CancelReferral(CancellationReason reason, Party by, Instant at) implements ReferralCommand {

        public CancelReferral(CancellationReason reason, Instant at) {
            this(reason, reason == CancellationReason.CASE_CLOSED ? Party.SYSTEM : Party.REQUESTER, at);
        }
    }

    /** The token and the code are not in it: they are told once and kept nowhere. */
    record IssueLink(UUID link, String tokenHash, String codeHash, Instant until, Instant at)
            implements OfTheRequester {}

    /** What somebody does behind a link, with the right code. */
    record ActByLink(UUID link, OfferId offer, ReferralCommand act) implements ReferralCommand {

        @Override
        public Instant at() {
            return act.at();
        }

        @Override
        public Party by() {
            return act.by();
        }
    }

    /**
     * Somebody looks, with the right code.
     *
     * @param around for an offer that expired: the consent must still cover it
     */
    record OpenLink(UUID link, OfferId offer, Surroundings around, Instant at) implements OfTheReceiver {}

    record RevokeLink(UUID link, LinkEnd reason, Party by, Instant at) implements ReferralCommand {}

    /** The time for the next step is over. */
    record EscalateStep(Instant at) implements OfTheSystem {}

    /** The time for what the requester decides beside the next step is over. */
    record EscalateDecision(Instant at) implements OfTheSystem {}

    /** Whoever keeps the case looked at the dangers that were found: the person stays where they are. */
    record ReviewPlacement(@Nullable String note, Instant at) implements OfTheRequester {}
}
