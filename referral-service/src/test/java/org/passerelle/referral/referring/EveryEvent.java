package org.passerelle.referral.referring;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.codes.WhyAvoided;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.ClaimReturned;
import org.passerelle.referral.referring.ReferralEvent.DangersFound;
import org.passerelle.referral.referring.ReferralEvent.DecisionAwaited;
import org.passerelle.referral.referring.ReferralEvent.DecisionOverdue;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceRecorded;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceReleased;
import org.passerelle.referral.referring.ReferralEvent.LinkIssued;
import org.passerelle.referral.referring.ReferralEvent.LinkOpened;
import org.passerelle.referral.referring.ReferralEvent.LinkRenewed;
import org.passerelle.referral.referring.ReferralEvent.LinkRevoked;
import org.passerelle.referral.referring.ReferralEvent.NeedEscalated;
import org.passerelle.referral.referring.ReferralEvent.NeedHeldBack;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.OfferAcknowledged;
import org.passerelle.referral.referring.ReferralEvent.OfferDeclined;
import org.passerelle.referral.referring.ReferralEvent.OfferExpired;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.PlacementReviewed;
import org.passerelle.referral.referring.ReferralEvent.ProgressReported;
import org.passerelle.referral.referring.ReferralEvent.ReferralCancelled;
import org.passerelle.referral.referring.ReferralEvent.ReferralClaimed;
import org.passerelle.referral.referring.ReferralEvent.ReferralCompleted;
import org.passerelle.referral.referring.ReferralEvent.ReferralHeld;
import org.passerelle.referral.referring.ReferralEvent.ReferralRequested;
import org.passerelle.referral.referring.ReferralEvent.ReferralResumed;
import org.passerelle.referral.referring.ReferralEvent.ReferralTransferred;
import org.passerelle.referral.referring.ReferralEvent.ServiceBegun;
import org.passerelle.referral.referring.ReferralEvent.ServiceChosen;
import org.passerelle.referral.referring.ReferralEvent.ServiceGapFound;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.referring.ReferralEvent.ServiceStopped;
import org.passerelle.referral.referring.ReferralEvent.StepAwaited;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;
import org.passerelle.referral.referring.ReferralEvent.StopLifted;
import org.passerelle.referral.routing.Danger;
import org.passerelle.referral.routing.Ranking;
import org.passerelle.referral.routing.Reason;
import org.passerelle.referral.routing.Verdict;

/** One event of each type. */
public final class EveryEvent {

    private static final Request REQUEST = World.request(Urgency.URGENT, Duration.ofDays(3));
    private static final About ABOUT = REQUEST.about();
    private static final Instant AT = World.NOON.plus(Duration.ofHours(1));
    private static final TelephoneCall CALL = new TelephoneCall("Voix Inventée", "+257 79 00 00 00", World.NOON);

    public static final List<ReferralEvent> OF_EACH_TYPE = List.of(
            new ReferralRequested(REQUEST, AT),
            new NeedRouted(
                    ABOUT,
                    RoutingTrigger.NEED_STATED,
                    new Ranking(
                            List.of(new Verdict(
                                    World.service(1),
                                    World.organisation(1),
                                    List.of(
                                            Reason.of("kept.same-place", "Bujumbura", "4"),
                                            Reason.of("kept.free", "3")))),
                            List.of(new Verdict(
                                    World.service(2), World.organisation(2), List.of(Reason.of("out.too-old", "17")))),
                            0,
                            5,
                            false,
                            null,
                            false),
                    AT),
            new NeedHeldBack(ABOUT, Set.of(new ReferralId(new UUID(7, 8))), AT),
            new ServiceChosen(
                    ABOUT,
                    World.organisation(2),
                    World.service(2),
                    ChoiceReason.PERSON_ASKED,
                    "une note secrète",
                    List.of(Reason.of("out.too-old", "17")),
                    false,
                    AT),
            new ServiceOffered(
                    ABOUT, World.offer(1), World.organisation(1), World.service(1), AT.plus(Duration.ofHours(12)), AT),
            new OfferAccepted(
                    ABOUT,
                    World.offer(1),
                    World.organisation(1),
                    World.service(1),
                    AcceptanceChannel.TELEPHONE,
                    CALL,
                    true,
                    AT),
            new OfferDeclined(
                    ABOUT,
                    World.offer(1),
                    World.organisation(1),
                    DeclineReason.NO_CAPACITY,
                    "une note secrète",
                    null,
                    AT),
            new OfferExpired(ABOUT, World.offer(1), World.organisation(1), AT),
            new OfferWithdrawn(ABOUT, World.offer(1), World.organisation(1), WithdrawalReason.ACCEPTED_ELSEWHERE, AT),
            new LateAcceptanceRecorded(
                    ABOUT, World.offer(1), World.organisation(1), AcceptanceChannel.TELEPHONE, CALL, AT),
            new LateAcceptanceReleased(ABOUT, World.offer(1), World.organisation(1), AT),
            new ServiceStopped(ABOUT, World.offer(1), World.organisation(1), StopReason.CONSENT_ENDED, AT),
            new StopLifted(ABOUT, World.offer(1), World.organisation(1), StopReason.PROVIDER_SUSPENDED, AT),
            new DangersFound(
                    ABOUT,
                    World.offer(1),
                    List.of(new Danger(new PlaceCode("BI-BM"), null), new Danger(null, WhyAvoided.EMPLOYS_SUSPECT)),
                    true,
                    AT),
            new PlacementReviewed(ABOUT, World.offer(1), "une note secrète", AT),
            new DecisionAwaited(ABOUT, AT.plus(Duration.ofHours(12)), AT),
            new DecisionOverdue(ABOUT, NextStep.Told.OWNER, AT.plus(Duration.ofHours(24)), AT),
            new CaseWorkerTaskRaised(ABOUT, TaskReason.EMERGENCY_UNANSWERED, AT),
            new ServiceGapFound(ABOUT, AT),
            new OfferAcknowledged(ABOUT, World.offer(1), World.organisation(1), AT),
            new ReferralClaimed(ABOUT, World.organisation(1), "0a1b2c", ClaimReason.HANDED_OVER, AT),
            new ClaimReturned(ABOUT, World.organisation(1), ClaimReason.CLAIMANT_LEFT, AT),
            new ServiceBegun(ABOUT, World.organisation(1), AT),
            new ReferralHeld(ABOUT, World.organisation(1), PauseReason.PERSON_ASKED, "une note secrète", AT),
            new ReferralResumed(ABOUT, World.organisation(1), AT),
            new ProgressReported(ABOUT, World.organisation(1), HowItGoes.TAKES_LONGER, "une note secrète", AT),
            new NeedEscalated(ABOUT, NextStep.Told.SUPERVISOR, AT),
            new StepAwaited(ABOUT, NextStep.FIRST_CONTACT, World.organisation(1), AT.plus(Duration.ofHours(2)), AT),
            new StepOverdue(
                    ABOUT,
                    NextStep.FIRST_CONTACT,
                    World.organisation(1),
                    NextStep.Told.SUPERVISOR,
                    AT.plus(Duration.ofHours(4)),
                    AT),
            new LinkIssued(
                    ABOUT,
                    new UUID(5, 1),
                    World.offer(1),
                    World.organisation(1),
                    "aa",
                    "bb",
                    AT.plus(Duration.ofDays(1)),
                    AT),
            new LinkOpened(ABOUT, new UUID(5, 1), World.organisation(1), AT),
            new LinkRenewed(ABOUT, new UUID(5, 1), AT.plus(Duration.ofDays(21)), AT),
            new LinkRevoked(ABOUT, new UUID(5, 1), LinkEnd.WRONG_CODES, AT),
            new ReferralTransferred(
                    ABOUT,
                    World.offer(1),
                    World.organisation(1),
                    TransferReason.PERSON_MOVED,
                    "une note secrète",
                    AT.plus(Duration.ofDays(2)),
                    AT),
            new ReferralCompleted(ABOUT, World.organisation(1), Outcome.GOT_HELP, "une note secrète", AT),
            new ReferralCancelled(ABOUT, CancellationReason.NO_LONGER_NEEDED, World.organisation(1), AT));

    private EveryEvent() {}
}
