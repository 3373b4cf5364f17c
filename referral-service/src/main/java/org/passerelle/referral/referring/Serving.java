package org.passerelle.referral.referring;

import java.util.List;
import java.util.Optional;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.referring.Referral.Accepted;
import org.passerelle.referral.referring.Referral.Course;
import org.passerelle.referral.referring.Referral.Ended;
import org.passerelle.referral.referring.Referral.Ending;
import org.passerelle.referral.referring.Referral.Offered;
import org.passerelle.referral.referring.Referral.Unrequested;
import org.passerelle.referral.referring.Referral.Waiting;
import org.passerelle.referral.referring.ReferralCommand.AcknowledgeOffer;
import org.passerelle.referral.referring.ReferralCommand.BeginService;
import org.passerelle.referral.referring.ReferralCommand.ClaimReferral;
import org.passerelle.referral.referring.ReferralCommand.CompleteReferral;
import org.passerelle.referral.referring.ReferralCommand.CoverClaim;
import org.passerelle.referral.referring.ReferralCommand.HoldReferral;
import org.passerelle.referral.referring.ReferralCommand.ReportProgress;
import org.passerelle.referral.referring.ReferralCommand.ResumeReferral;
import org.passerelle.referral.referring.ReferralCommand.ReturnClaim;
import org.passerelle.referral.referring.ReferralEvent.ClaimReturned;
import org.passerelle.referral.referring.ReferralEvent.OfferAcknowledged;
import org.passerelle.referral.referring.ReferralEvent.ProgressReported;
import org.passerelle.referral.referring.ReferralEvent.ReferralClaimed;
import org.passerelle.referral.referring.ReferralEvent.ReferralCompleted;
import org.passerelle.referral.referring.ReferralEvent.ReferralHeld;
import org.passerelle.referral.referring.ReferralEvent.ReferralResumed;
import org.passerelle.referral.referring.ReferralEvent.ServiceBegun;

/** What the organisation that is asked, or that gives the service, does beside saying yes or no. */
final class Serving {

    private Serving() {}

    static List<ReferralEvent> acknowledge(AcknowledgeOffer command, Referral state) {
        return switch (state) {
            case Offered offered -> {
                Course course = offered.course();
                if (!offered.open().id().equals(command.offer())) {
                    throw Refusal.of("offer-unknown").invalid().field("offerId");
                }
                yield command.offer().equals(course.acknowledged())
                        ? List.of()
                        : List.of(new OfferAcknowledged(
                                course.about(), command.offer(), offered.open().organisation(), command.at()));
            }
            case Unrequested none -> throw unknown();
            case Waiting waiting -> throw Refusal.of("offer-expired");
            case Accepted accepted -> throw Refusal.of("offer-already-accepted");
            case Ended ended -> throw ended();
        };
    }

    static List<ReferralEvent> claim(ClaimReferral command, Referral state) {
        Course course = held(state);
        requireHolder(command.organisation(), state);
        String claimant = course.claimant();
        if (command.account().equals(claimant)) {
            return List.of();
        }
        boolean allowed = switch (command.reason()) {
            case CLAIMED -> claimant == null && command.account().equals(command.asking());
            case HANDED_OVER -> command.asking().equals(claimant);
            case ABSENCE, REASSIGNED -> true;
            case RETURNED, CLAIMANT_LEFT -> throw new IllegalArgumentException("not a way to claim");
        };
        if (!allowed) {
            throw Refusal.of(claimant == null ? "not-claimed" : "claimed-by-another");
        }
        ClaimReason how = command.covering() ? ClaimReason.ABSENCE : command.reason();
        return List.of(new ReferralClaimed(course.about(), holder(state), command.account(), how, command.at()));
    }

    static List<ReferralEvent> returnClaim(ReturnClaim command, Referral state) {
        return ofTheClaim(command.account(), command.organisation(), state)
                .<ReferralEvent>map(
                        course -> new ClaimReturned(course.about(), holder(state), command.reason(), command.at()))
                .map(List::of)
                .orElse(List.of());
    }

    static List<ReferralEvent> cover(CoverClaim command, Referral state) {
        return ofTheClaim(command.absent(), command.organisation(), state)
                .filter(course -> !command.cover().equals(command.absent()))
                .<ReferralEvent>map(course -> new ReferralClaimed(
                        course.about(), holder(state), command.cover(), ClaimReason.ABSENCE, command.at()))
                .map(List::of)
                .orElse(List.of());
    }

    /** Empty where the account has no claim any more. */
    private static Optional<Course> ofTheClaim(String account, OrganisationId organisation, Referral state) {
        Optional<Course> held = switch (state) {
            case Unrequested none -> throw unknown();
            case Waiting nobody -> Optional.empty();
            case Ended nobody -> Optional.empty();
            case Offered offered -> Optional.of(offered.course());
            case Accepted accepted -> Optional.of(accepted.course());
        };
        held.ifPresent(course -> requireHolder(organisation, state));
        return held.filter(course -> account.equals(course.claimant()));
    }

    private static Course held(Referral state) {
        return switch (state) {
            case Unrequested none -> throw unknown();
            case Waiting waiting -> throw Refusal.of("nobody-is-asked");
            case Offered offered -> offered.course();
            case Accepted accepted -> accepted.course();
            case Ended ended -> throw ended();
        };
    }

    /** An organisation that did not answer in time still sees the referral, which is another's by now. */
    private static void requireHolder(OrganisationId organisation, Referral state) {
        if (!organisation.equals(holder(state))) {
            throw Refusal.of("not-for-this-party");
        }
    }

    private static OrganisationId holder(Referral state) {
        return switch (state) {
            case Offered offered -> offered.open().organisation();
            case Accepted accepted -> accepted.accepted().organisation();
            case Unrequested none -> throw new IllegalStateException("nobody holds it");
            case Waiting none -> throw new IllegalStateException("nobody holds it");
            case Ended none -> throw new IllegalStateException("nobody holds it");
        };
    }

    static List<ReferralEvent> begin(BeginService command, Referral state) {
        Accepted accepted = accepted(state);
        if (accepted.begun()) {
            return List.of();
        }
        Stopping.requireGoingOn(accepted, command.by());
        if (accepted.held()) {
            throw Refusal.of("referral-on-hold");
        }
        return List.of(
                new ServiceBegun(accepted.course().about(), accepted.accepted().organisation(), command.at()));
    }

    static List<ReferralEvent> hold(HoldReferral command, Referral state) {
        Accepted accepted = accepted(state);
        return accepted.held()
                ? List.of()
                : List.of(new ReferralHeld(
                        accepted.course().about(),
                        accepted.accepted().organisation(),
                        command.reason(),
                        command.note(),
                        command.at()));
    }

    static List<ReferralEvent> resume(ResumeReferral command, Referral state) {
        Accepted accepted = accepted(state);
        if (!accepted.held()) {
            return List.of();
        }
        Stopping.requireGoingOn(accepted, command.by());
        return List.of(new ReferralResumed(
                accepted.course().about(), accepted.accepted().organisation(), command.at()));
    }

    static List<ReferralEvent> report(ReportProgress command, Referral state) {
        Accepted accepted = accepted(state);
        if (accepted.held()) {
            throw Refusal.of("referral-on-hold");
        }
        if (!accepted.begun()) {
            throw Refusal.of("service-not-begun");
        }
        if (!accepted.stopped().isEmpty()) {
            throw Refusal.of("service-stopped");
        }
        return List.of(new ProgressReported(
                accepted.course().about(),
                accepted.accepted().organisation(),
                command.progress(),
                command.note(),
                command.at()));
    }

    static Accepted accepted(Referral state) {
        return switch (state) {
            case Accepted accepted -> accepted;
            case Unrequested none -> throw unknown();
            case Waiting waiting -> throw Refusal.of("referral-not-accepted");
            case Offered offered -> throw Refusal.of("referral-not-accepted");
            case Ended ended -> throw ended();
        };
    }

    static List<ReferralEvent> complete(CompleteReferral command, Referral state) {
        if (state instanceof Ended over && (over.ending() == Ending.COMPLETED || over.ending() == Ending.FAILED)) {
            return List.of();
        }
        Accepted accepted = accepted(state);
        return List.of(new ReferralCompleted(
                accepted.course().about(),
                accepted.accepted().organisation(),
                command.outcome(),
                command.note(),
                command.at()));
    }

    private static Refusal unknown() {
        return Refusal.of("referral-unknown").unknown();
    }

    private static Refusal ended() {
        return Refusal.of("referral-ended");
    }
}
