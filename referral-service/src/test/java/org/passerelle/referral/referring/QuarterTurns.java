package org.passerelle.referral.referring;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.ReferralEvent.CaseWorkerTaskRaised;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceRecorded;
import org.passerelle.referral.referring.ReferralEvent.LateAcceptanceReleased;
import org.passerelle.referral.referring.ReferralEvent.LinkIssued;
import org.passerelle.referral.referring.ReferralEvent.LinkOpened;
import org.passerelle.referral.referring.ReferralEvent.LinkRevoked;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.OfferDeclined;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.ReferralCancelled;
import org.passerelle.referral.referring.ReferralEvent.ServiceChosen;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.referring.ReferralEvent.ServiceStopped;
import org.passerelle.referral.referring.ReferralEvent.StopLifted;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.ConsentTerms;

/**
 * What turns out otherwise than anybody planned in a simulated {@link Quarter}: consent ends and is given again, dangers are
 * said and lifted, organisations are suspended and return, answers come by telephone and by link, links are closed by wrong
 * codes, persons choose another service, late yeses are thanked and released, cases are closed. By a chance of its own, so
 * that a quarter without it is the same as ever.
 */
final class QuarterTurns {

    /** Of a thing that happened where it is counted, and where nothing else could have been its cause. */
    static final List<String> ALL = List.of(
            "offer taken back: consent-withdrawn",
            "offer taken back: consent-expired",
            "offer taken back: organisation-suspended",
            "offer taken back: chosen-elsewhere",
            "offer taken back: accepted-elsewhere",
            "offer taken back: case-closed",
            "offer taken back because of a danger",
            "service stopped: consent-ended",
            "service stopped: provider-suspended",
            "service goes on: consent-ended",
            "service goes on: provider-suspended",
            "stopped service passed on",
            "stopped service ended",
            "service ended with its case",
            "placement to review",
            "danger lifted",
            "yes by telephone",
            "no by telephone",
            "yes by a link",
            "chosen by a person",
            "link issued",
            "link opened",
            "link closed: wrong-codes",
            "link sent anew",
            "late yes that counts",
            "late yes noted",
            "late yes released");

    private final Quarter quarter;
    private final Random random;
    private final Setting setting;

    QuarterTurns(Quarter quarter, Random random, Setting setting) {
        this.quarter = quarter;
        this.random = random;
        this.setting = setting;
    }

    private boolean oneIn(int many) {
        return setting.turns() && random.nextInt(many) == 0;
    }

    private Duration within(Duration longest) {
        return Duration.ofMinutes(1 + random.nextInt((int) longest.toMinutes()));
    }

    /** In the first hours, while somebody is asked, or in the first weeks, while somebody serves. */
    private Duration soon() {
        return within(random.nextBoolean() ? Duration.ofHours(12) : Duration.ofDays(20));
    }

    void mayBeSuspended(OrganisationId organisation) {
        if (oneIn(2)) {
            quarter.in(within(setting.length()), () -> {
                quarter.standing(organisation, true);
                quarter.in(within(Duration.ofDays(10)), () -> quarter.standing(organisation, false));
            });
        }
    }

    /** What becomes of a person whose needs were just stated. */
    void lives(Life.Person person) {
        if (oneIn(5)) {
            quarter.in(soon(), () -> withdraws(person));
        }
        if (oneIn(8)) {
            quarter.in(soon(), () -> consent(person, ConsentTerms.NONE, RoutingTrigger.CONSENT_EXPIRED));
        }
        if (oneIn(5)) {
            quarter.in(soon(), () -> avoids(person));
        }
        if (oneIn(8)) {
            quarter.in(soon(), () -> closes(person));
        }
    }

    private void consent(Life.Person person, ConsentTerms consent, RoutingTrigger trigger) {
        person.consent = consent;
        quarter.lookAtAll(person, trigger);
    }

    /** From everybody, or from one of those who are asked or serve. */
    private void withdraws(Life.Person person) {
        OrganisationId holder = one(person).holder();
        consent(
                person,
                holder == null || random.nextBoolean()
                        ? ConsentTerms.NONE
                        : new ConsentTerms(true, true, Set.of(), false, false, Set.of(holder)),
                RoutingTrigger.CONSENT_CHANGED);
        if (oneIn(2)) {
            quarter.in(
                    within(Duration.ofDays(6)), () -> consent(person, World.ANYBODY, RoutingTrigger.CONSENT_CHANGED));
        }
    }

    private Life one(Life.Person person) {
        return person.needs.get(random.nextInt(person.needs.size()));
    }

    /** Of whom they are asked for or with, or of the place where they are. */
    private void avoids(Life.Person person) {
        Life life = one(person);
        OrganisationId holder = life.holder();
        if (holder != null) {
            person.fears.add(holder);
        }
        if (holder == null || oneIn(4)) {
            person.fearedPlaces.add(life.request.place());
        }
        quarter.lookAtAll(person, RoutingTrigger.CIRCUMSTANCES_CHANGED).stream()
                .filter(OfferWithdrawn.class::isInstance)
                .forEach(taken -> quarter.count("offer taken back because of a danger"));
        if (oneIn(2)) {
            quarter.in(within(Duration.ofDays(10)), () -> {
                person.fears.clear();
                person.fearedPlaces.clear();
                quarter.count("danger lifted");
                quarter.lookAtAll(person, RoutingTrigger.CIRCUMSTANCES_CHANGED);
            });
        }
    }

    private void closes(Life.Person person) {
        for (Life life : person.needs) {
            if (Quarter.isOpen(life)) {
                quarter.tell(life, new ReferralCommand.CancelReferral(CancellationReason.CASE_CLOSED, quarter.now()));
            }
        }
    }

    /** Whether the answer comes by another way than the provider's own account; the person may want somebody else, too. */
    boolean isAskedOtherwise(Life life, ServiceOffered offered) {
        Duration time = Duration.between(quarter.now(), offered.answerBy());
        if (oneIn(8)) {
            quarter.in(percent(time, 90), () -> chooses(life));
        }
        if (oneIn(6)) {
            quarter.in(percent(time, 150), () -> isTold(life, offered.offer()));
            return true;
        }
        if (oneIn(6)) {
            quarter.in(percent(time, 50), () -> sendsLink(life, offered.offer(), percent(time, 60)));
            return true;
        }
        return false;
    }

    private Duration percent(Duration time, int most) {
        return time.multipliedBy(1 + random.nextInt(most)).dividedBy(100);
    }

    private void chooses(Life life) {
        List<ServiceId> others = setting.services().stream()
                .filter(service ->
                        service.types().contains(life.request.service()) && !life.isHeldBy(service.organisation()))
                .map(Candidate::service)
                .toList();
        ServiceId wanted = others.get(random.nextInt(others.size()));
        quarter.tell(
                life,
                new ReferralCommand.ChooseService(
                        wanted,
                        ChoiceReason.PERSON_ASKED,
                        null,
                        quarter.around(life, List.of(wanted)),
                        oneIn(4) ? Party.COORDINATOR : Party.REQUESTER,
                        quarter.now()));
    }

    /** By telephone, and the sender records it. */
    private void isTold(Life life, OfferId offer) {
        TelephoneCall call = new TelephoneCall("the desk", "+25779000000", quarter.now());
        Surroundings around = quarter.around(life);
        quarter.tell(
                life,
                oneIn(3)
                        ? new ReferralCommand.DeclineOffer(
                                offer, DeclineReason.NO_CAPACITY, null, call, around, quarter.now())
                        : new ReferralCommand.AcceptOffer(offer, call, around, quarter.now()));
    }

    private boolean sendsLink(Life life, OfferId offer, Duration until) {
        UUID link = new UUID(random.nextLong(), random.nextLong());
        Instant now = quarter.now();
        boolean sent = life.holder() != null
                && !quarter.tell(
                                life,
                                new ReferralCommand.IssueLink(link, "token", "code", now.plus(Duration.ofDays(7)), now))
                        .isEmpty();
        if (sent) {
            quarter.in(until, () -> opens(life, link, offer));
        }
        return sent;
    }

    private void opens(Life life, UUID link, OfferId offer) {
        OrganisationId holder = life.holder();
        if (holder != null && quarter.isSuspended(holder)) {
            return;
        }
        if (oneIn(3)) {
            quarter.tell(life, new ReferralCommand.RevokeLink(link, LinkEnd.WRONG_CODES, Party.SYSTEM, quarter.now()));
            return;
        }
        quarter.tell(life, new ReferralCommand.OpenLink(link, offer, quarter.around(life), quarter.now()));
        Surroundings around = quarter.around(life);
        boolean accepted = byLink(
                life,
                link,
                offer,
                oneIn(4)
                        ? new ReferralCommand.DeclineOffer(offer, DeclineReason.OTHER, null, around, quarter.now())
                        : new ReferralCommand.AcceptOffer(offer, null, around, quarter.now()));
        if (accepted) {
            quarter.in(
                    within(Duration.ofDays(3)),
                    () -> byLink(life, link, offer, new ReferralCommand.BeginService(Party.RECEIVER, quarter.now())));
            quarter.in(within(Duration.ofDays(15)), () -> opens(life, link, offer));
        }
    }

    /** @return whether it was a yes that counts */
    private boolean byLink(Life life, UUID link, OfferId offer, ReferralCommand act) {
        boolean accepted = quarter.tell(life, new ReferralCommand.ActByLink(link, offer, act)).stream()
                .anyMatch(OfferAccepted.class::isInstance);
        if (accepted) {
            quarter.count("yes by a link");
        }
        return accepted;
    }

    void sendsNewLink(Life life) {
        quarter.in(within(Duration.ofHours(6)), () -> {
            if (sendsLink(life, holding(life), within(Duration.ofHours(6)))) {
                quarter.count("link sent anew");
            }
        });
    }

    /** The last one where nobody holds one any more. */
    private static OfferId holding(Life life) {
        return life.state instanceof Referral.Accepted accepted
                ? accepted.accepted().id()
                : Referral.course(life.state).offers().getLast().id();
    }

    void releases(Life life, LateAcceptanceRecorded late) {
        if (oneIn(2)) {
            quarter.in(
                    within(Duration.ofDays(1)),
                    () -> quarter.tell(
                            life, new ReferralCommand.ReleaseLate(late.offer(), Party.REQUESTER, quarter.now())));
        }
    }

    void decidesOfAStopped(Life life, Referral.Accepted stopped) {
        if (stopped.stopped().isEmpty()) {
            return;
        }
        Instant now = quarter.now();
        switch (random.nextInt(5)) {
            case 0 -> consent(life.person, World.ANYBODY, RoutingTrigger.CONSENT_CHANGED);
            case 1 -> {
                quarter.count("stopped service passed on");
                quarter.tell(
                        life,
                        new ReferralCommand.TransferReferral(
                                TransferReason.NOT_SAFE_HERE, null, quarter.around(life), Party.REQUESTER, now));
            }
            case 2 -> {
                quarter.count("stopped service ended");
                quarter.tell(
                        life,
                        oneIn(2)
                                ? new ReferralCommand.CancelReferral(CancellationReason.PERSON_DECLINED, now)
                                : new ReferralCommand.CompleteReferral(Outcome.GOT_HELP, null, Party.REQUESTER, now));
            }
            default -> {} // puts it off, and hears of it again
        }
    }

    void count(ReferralEvent event) {
        switch (event) {
            case OfferWithdrawn taken ->
                quarter.count("offer taken back: " + taken.reason().code());
            case ServiceStopped stopped ->
                quarter.count("service stopped: " + stopped.reason().code());
            case StopLifted lifted ->
                quarter.count("service goes on: " + lifted.reason().code());
            case OfferAccepted yes when yes.late() -> quarter.count("late yes that counts");
            case OfferAccepted yes when yes.call() != null -> quarter.count("yes by telephone");
            case OfferDeclined no when no.call() != null -> quarter.count("no by telephone");
            case ServiceChosen chosen -> quarter.count("chosen by a person");
            case LinkIssued issued -> quarter.count("link issued");
            case LinkOpened opened -> quarter.count("link opened");
            case LinkRevoked revoked ->
                quarter.count("link closed: " + revoked.reason().code());
            case LateAcceptanceRecorded late -> quarter.count("late yes noted");
            case LateAcceptanceReleased late -> quarter.count("late yes released");
            case ReferralCancelled cancelled
            when cancelled.reason() == CancellationReason.CASE_CLOSED && cancelled.provider() != null ->
                quarter.count("service ended with its case");
            case CaseWorkerTaskRaised raised
            when raised.reason() == TaskReason.PLACEMENT_TO_REVIEW -> quarter.count("placement to review");
            case ReferralEvent other -> {}
        }
    }
}
