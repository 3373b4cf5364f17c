package org.passerelle.referral.referring;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.referring.Referral.Accepted;
import org.passerelle.referral.referring.Referral.Course;
import org.passerelle.referral.referring.Referral.Ended;
import org.passerelle.referral.referring.Referral.Offered;
import org.passerelle.referral.referring.Referral.Unrequested;
import org.passerelle.referral.referring.Referral.Waiting;
import org.passerelle.referral.referring.ReferralCommand.AcceptOffer;
import org.passerelle.referral.referring.ReferralCommand.ReleaseLate;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceRecorded;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceReleased;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;

/**
 * A yes to an offer that is not open any more. It is reconciled, never refused: it counts where nobody else has said yes
 * and no person has chosen somebody else, and is noted otherwise, so that whoever keeps a place is thanked and released.
 * What the person withdrew is the exception, and who is suspended.
 */
final class LateYes {

    private LateYes() {}

    /** Nobody is asked. */
    static List<ReferralEvent> counts(AcceptOffer command, Course course) {
        Offer offer = offer(course, command);
        requireThatItMayCome(command, course, offer);
        return List.of(accepted(command, course, offer, true));
    }

    /** Somebody else is being asked: by the ranking, which gives way, or because a person chose them, who stay. */
    static List<ReferralEvent> comesFirst(AcceptOffer command, Offered offered) {
        Course course = offered.course();
        Offer open = offered.open();
        if (open.service().equals(course.joining().chosen())) {
            return noted(command, course);
        }
        List<ReferralEvent> events = new ArrayList<>(counts(command, course));
        events.addFirst(new OfferWithdrawn(
                course.about(), open.id(), open.organisation(), WithdrawalReason.ACCEPTED_ELSEWHERE, command.at()));
        return events;
    }

    /** Somebody else gives the service, or is to, or the sender gave up: a person decides what becomes of the place. */
    static List<ReferralEvent> noted(AcceptOffer command, Course course) {
        Offer offer = offer(course, command);
        if (offer.standing() == Offer.Standing.LATE) {
            return List.of();
        }
        requireThatItMayCome(command, course, offer);
        List<ReferralEvent> events = new ArrayList<>();
        events.add(new LateAcceptanceRecorded(
                course.about(), offer.id(), offer.organisation(), channel(command), command.call(), command.at()));
        if (!course.tasks().contains(TaskReason.LATE_ACCEPTANCE)) {
            events.add(new CaseWorkerTaskRaised(course.about(), TaskReason.LATE_ACCEPTANCE, command.at()));
        }
        return events;
    }

    private static void requireThatItMayCome(AcceptOffer command, Course course, Offer offer) {
        switch (offer.standing()) {
            // its first late yes was to a referral that has been passed on since, or that was released
            case EXPIRED, MOVED, WITHDRAWN, LATE, RELEASED -> {}
            case DECLINED -> throw Refusal.of("offer-already-declined");
            case TRANSFERRED -> throw Refusal.of("referral-transferred");
            case OPEN, ACCEPTED -> throw new IllegalStateException("an open or accepted offer decides the state");
        }
        requireActing(command, offer);
        if (!command.around().of(course.request()).stillMayHave(offer)) {
            throw Refusal.of("offer-no-longer-consented");
        }
    }

    /** Whoever recorded it: nobody of the organisation could look after the person. */
    static void requireActing(AcceptOffer command, Offer offer) {
        if (command.around().suspended(offer.organisation())) {
            throw Refusal.of("organisation-suspended");
        }
    }

    static OfferAccepted accepted(AcceptOffer command, Course course, Offer offer, boolean late) {
        return new OfferAccepted(
                course.about(),
                offer.id(),
                offer.organisation(),
                offer.service(),
                channel(command),
                command.call(),
                late,
                command.at());
    }

    private static AcceptanceChannel channel(AcceptOffer command) {
        return command.call() == null ? AcceptanceChannel.API : AcceptanceChannel.TELEPHONE;
    }

    static Offer offer(Course course, AcceptOffer command) {
        return course.offer(command.offer())
                .orElseThrow(() -> Refusal.of("offer-unknown").invalid().field("offerId"));
    }

    /** Whoever kept a place is thanked, and keeps it no longer. */
    static List<ReferralEvent> release(ReleaseLate command, Referral state) {
        return switch (state) {
            case Unrequested none -> throw Refusal.of("referral-unknown").unknown();
            case Waiting waiting -> released(command, waiting.course());
            case Offered offered -> released(command, offered.course());
            case Accepted accepted -> released(command, accepted.course());
            case Ended ended -> released(command, ended.course());
        };
    }

    private static List<ReferralEvent> released(ReleaseLate command, Course course) {
        Offer offer = course.offer(command.offer())
                .orElseThrow(() -> Refusal.of("offer-unknown").invalid().field("offerId"));
        return switch (offer.standing()) {
            case LATE ->
                List.of(new LateAcceptanceReleased(course.about(), offer.id(), offer.organisation(), command.at()));
            case RELEASED -> List.of();
            case OPEN, ACCEPTED, DECLINED, EXPIRED, WITHDRAWN, MOVED, TRANSFERRED ->
                throw Refusal.of("no-late-acceptance").invalid().field("offerId");
        };
    }
}
