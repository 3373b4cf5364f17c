package org.passerelle.referral.referring;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.referring.Referral.Accepted;
import org.passerelle.referral.referring.Referral.Ended;
import org.passerelle.referral.referring.Referral.Offered;
import org.passerelle.referral.referring.Referral.Unrequested;
import org.passerelle.referral.referring.Referral.Waiting;
import org.passerelle.referral.referring.ReferralCommand.AcceptOffer;
import org.passerelle.referral.referring.ReferralCommand.ActByLink;
import org.passerelle.referral.referring.ReferralCommand.BeginService;
import org.passerelle.referral.referring.ReferralCommand.CompleteReferral;
import org.passerelle.referral.referring.ReferralCommand.DeclineOffer;
import org.passerelle.referral.referring.ReferralCommand.IssueLink;
import org.passerelle.referral.referring.ReferralCommand.OpenLink;
import org.passerelle.referral.referring.ReferralCommand.ReportProgress;
import org.passerelle.referral.referring.ReferralCommand.RevokeLink;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.LinkIssued;
import org.passerelle.referral.referring.ReferralEvent.LinkOpened;
import org.passerelle.referral.referring.ReferralEvent.LinkRenewed;
import org.passerelle.referral.referring.ReferralEvent.LinkRevoked;
import org.passerelle.referral.referring.ReferralEvent.OfferAcknowledged;
import org.passerelle.referral.referring.ReferralEvent.OfferDeclined;
import org.passerelle.referral.referring.ReferralEvent.OfferExpired;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.ReferralTransferred;
import org.passerelle.referral.referring.ReferralEvent.StepAwaited;

/** Links by which an organisation without accounts sees what it is asked, and answers. */
final class Linking {

    /** However long the service is given: whoever reports after that is sent a new one. */
    static final Duration LONGEST = Duration.ofDays(180);

    private Linking() {}

    static List<ReferralEvent> issue(IssueLink command, Referral state) {
        Offer offer = held(state);
        return List.of(new LinkIssued(
                Referral.course(state).about(),
                command.link(),
                offer.id(),
                offer.organisation(),
                command.tokenHash(),
                command.codeHash(),
                command.until(),
                command.at()));
    }

    /** Each look is recorded, like those of people with accounts; whoever looked at an open offer has seen it. */
    static List<ReferralEvent> open(OpenLink command, Referral state) {
        Offer offer = behind(command.link(), command.offer(), state);
        // an open one is taken back when it may not be theirs any more, an accepted one is stopped; one that was not
        // answered
        // is neither
        if (offer.standing() != Offer.Standing.OPEN
                && offer.standing() != Offer.Standing.ACCEPTED
                && !command.around().of(Referral.course(state).request()).stillMayHave(offer)) {
            throw unknown();
        }
        About about = Referral.course(state).about();
        LinkOpened opened = new LinkOpened(about, command.link(), offer.organisation(), command.at());
        return offer.standing() == Offer.Standing.OPEN
                        && !offer.id().equals(Referral.course(state).acknowledged())
                ? List.of(opened, new OfferAcknowledged(about, offer.id(), offer.organisation(), command.at()))
                : List.of(opened);
    }

    /** The link may have ended, and somebody else may have come to give the service, since it was opened. */
    static void requireStanding(ActByLink command, Referral state) {
        Offer offer = behind(command.link(), command.offer(), state);
        boolean own = switch (command.act()) {
            case AcceptOffer accept -> accept.offer().equals(offer.id());
            case DeclineOffer decline -> decline.offer().equals(offer.id());
            case BeginService begin -> offer.standing() == Offer.Standing.ACCEPTED;
            case ReportProgress report -> offer.standing() == Offer.Standing.ACCEPTED;
            case CompleteReferral complete -> offer.standing() == Offer.Standing.ACCEPTED;
            case ReferralCommand other -> false;
        };
        if (!own) {
            throw unknown();
        }
    }

    /** The offer that a link is to, while it opens anything. */
    private static Offer behind(UUID link, OfferId id, Referral state) {
        if (state instanceof Ended || state instanceof Unrequested) {
            throw unknown();
        }
        Referral.Course course = Referral.course(state);
        // one that did not answer in time can still say yes
        return course.offer(id)
                .filter(one -> course.link(link).isPresent())
                .filter(Linking::opens)
                .orElseThrow(Linking::unknown);
    }

    /** Whether a link to the offer opens anything. */
    static boolean opens(Offer offer) {
        return switch (offer.standing()) {
            case OPEN, ACCEPTED, EXPIRED, MOVED, LATE -> true;
            case DECLINED, WITHDRAWN, TRANSFERRED, RELEASED -> false;
        };
    }

    /**
     * Who gives the service by a link has it as long as they are to report, and the time in which they are reminded: with
     * every step that becomes theirs, never by being reminded.
     *
     * @param after the state that the events lead to
     */
    static List<ReferralEvent> renewed(
            Referral after, List<ReferralEvent> events, Function<Request, OfferClocks> clocks, Instant at) {
        if (!(after instanceof Accepted accepted)
                || events.stream().noneMatch(event -> event instanceof StepAwaited || event instanceof LinkIssued)) {
            return List.of();
        }
        Referral.Course course = accepted.course();
        OfferClocks given = clocks.apply(course.request());
        Instant wanted = at.plus(given.report()).plus(given.remindAtMostEvery());
        List<ReferralEvent> renewed = new ArrayList<>();
        for (Referral.Link link : course.links()) {
            Instant last = link.issued().plus(LONGEST);
            Instant until = wanted.isBefore(last) ? wanted : last;
            if (link.offer().equals(accepted.accepted().id())
                    && link.until().isAfter(at)
                    && until.isAfter(link.until())) {
                renewed.add(new LinkRenewed(course.about(), link.id(), until, at));
            }
        }
        return renewed;
    }

    private static Refusal unknown() {
        return Refusal.of("link-unknown").unknown();
    }

    static List<ReferralEvent> revoke(RevokeLink command, Referral state) {
        return switch (state) {
            case Unrequested none -> throw Refusal.of("referral-unknown").unknown();
            case Ended over -> List.of();
            case Waiting waiting -> revoked(command, waiting.course(), null);
            case Offered offered -> revoked(command, offered.course(), offered.open());
            case Accepted accepted -> revoked(command, accepted.course(), accepted.accepted());
        };
    }

    /** @param held the offer that somebody is to answer, or gives the service by */
    private static List<ReferralEvent> revoked(RevokeLink command, Referral.Course course, @Nullable Offer held) {
        Referral.Link link = course.link(command.link()).orElse(null);
        if (link == null) {
            return List.of();
        }
        List<ReferralEvent> events = new ArrayList<>();
        events.add(new LinkRevoked(course.about(), command.link(), command.reason(), command.at()));
        if (command.reason() == LinkEnd.WRONG_CODES
                && held != null
                && held.id().equals(link.offer())
                && !course.tasks().contains(TaskReason.LINK_CLOSED)) {
            events.add(new CaseWorkerTaskRaised(course.about(), TaskReason.LINK_CLOSED, command.at()));
        }
        return events;
    }

    /** Whether there is another link by now, or nobody more who would need the one that wrong codes closed. */
    static boolean settlesClosed(ReferralEvent event) {
        return event instanceof LinkIssued
                || event instanceof OfferDeclined
                || event instanceof OfferExpired
                || event instanceof OfferWithdrawn
                || event instanceof ReferralTransferred;
    }

    private static Offer held(Referral state) {
        return switch (state) {
            case Offered offered -> offered.open();
            case Accepted accepted -> accepted.accepted();
            case Unrequested none -> throw Refusal.of("referral-unknown").unknown();
            case Waiting none -> throw Refusal.of("nobody-is-asked");
            case Ended over -> throw Refusal.of("referral-ended");
        };
    }
}
