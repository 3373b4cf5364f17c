package org.passerelle.referral.referring;

import java.util.List;
import java.util.UUID;
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
import org.passerelle.referral.referring.ReferralCommand.RevokeLink;
import org.passerelle.referral.referring.ReferralEvent.LinkIssued;
import org.passerelle.referral.referring.ReferralEvent.LinkOpened;
import org.passerelle.referral.referring.ReferralEvent.LinkRevoked;

/** Links by which an organisation without accounts sees what it is asked, and answers. */
final class Linking {

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

    /** Each look is recorded, like those of people with accounts. */
    static List<ReferralEvent> open(OpenLink command, Referral state) {
        Offer offer = behind(command.link(), command.offer(), state);
        // an open one is taken back when consent goes; an expired one is not
        if (offer.standing() == Offer.Standing.EXPIRED
                && !command.around().of(Referral.course(state).request()).stillMayHave(offer)) {
            throw unknown();
        }
        return List.of(
                new LinkOpened(Referral.course(state).about(), command.link(), offer.organisation(), command.at()));
    }

    /** The link may have ended, and somebody else may have come to give the service, since it was opened. */
    static void requireStanding(ActByLink command, Referral state) {
        Offer offer = behind(command.link(), command.offer(), state);
        boolean own = switch (command.act()) {
            case AcceptOffer accept -> accept.offer().equals(offer.id());
            case DeclineOffer decline -> decline.offer().equals(offer.id());
            case BeginService begin -> offer.standing() == Offer.Standing.ACCEPTED;
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
                .filter(one -> course.links().contains(link))
                .filter(one -> one.standing() == Offer.Standing.OPEN
                        || one.standing() == Offer.Standing.ACCEPTED
                        || one.standing() == Offer.Standing.EXPIRED)
                .orElseThrow(Linking::unknown);
    }

    private static Refusal unknown() {
        return Refusal.of("link-unknown").unknown();
    }

    static List<ReferralEvent> revoke(RevokeLink command, Referral state) {
        return switch (state) {
            case Unrequested none -> throw Refusal.of("referral-unknown").unknown();
            case Ended over -> List.of();
            case Waiting waiting -> revoked(command, waiting.course());
            case Offered offered -> revoked(command, offered.course());
            case Accepted accepted -> revoked(command, accepted.course());
        };
    }

    private static List<ReferralEvent> revoked(RevokeLink command, Referral.Course course) {
        return course.links().contains(command.link())
                ? List.of(new LinkRevoked(course.about(), command.link(), command.reason(), command.at()))
                : List.of();
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
