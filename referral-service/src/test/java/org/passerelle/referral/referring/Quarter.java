package org.passerelle.referral.referring;

import static org.passerelle.referral.referring.World.DECIDER;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.ReferralEvent.NeedHeldBack;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.ServiceGapFound;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Circumstances;
import org.passerelle.referral.routing.ConsentTerms;
import org.passerelle.referral.routing.Need;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.routing.RoutingIndex;
import org.passerelle.referral.routing.Shortlist;

/**
 * A quarter, or another time, of a mechanism by seed, under a clock that jumps from one thing that happens to the next: the
 * deciders as they are, deadlines as the store would fire them, and providers that answer at once, late or never, decline,
 * pause, fill up, go on holiday and lose people. What the store adds to it (transactions, locks) is not in it.
 */
final class Quarter {

    private static final Instant BEGIN = Instant.parse("2026-10-01T08:00:00Z");
    private static final int ACCOUNTS = 3;

    /** A moment of the simulation; equal times in the order in which they were set. */
    private record Moment(Instant at, long order, Runnable what) {}

    /** @param punctual how many of ten offers are answered in time; {@code declines} of ten of these with a no */
    private record Provider(int units, int punctual, int declines) {}

    private final Random random;
    private final Random worries;
    private final Setting setting;
    private final Instant end;
    private final RoutingIndex index = new RoutingIndex(Places.shipped());
    private final PriorityQueue<Moment> moments =
            new PriorityQueue<>(Comparator.comparing(Moment::at).thenComparingLong(Moment::order));
    private final Map<ServiceId, Provider> providers = new HashMap<>();
    private final Map<OrganisationId, Instant[]> holidays = new HashMap<>();
    private final Set<String> gone = new java.util.HashSet<>();
    private final List<Life> lives = new ArrayList<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private Instant now = BEGIN;
    private long order;
    private long checks;
    private final TellingExample example = new TellingExample();

    Quarter(long seed, int needs) {
        this(seed, Setting.quarter(new Random(~seed), needs));
    }

    Quarter(long seed, Setting setting) {
        this.random = new Random(seed);
        this.worries = new Random(seed + 1);
        this.setting = setting;
        this.end = BEGIN.plus(setting.length());
    }

    Map<String, Long> run() {
        Map<OrganisationId, List<Candidate>> given = new LinkedHashMap<>();
        for (Candidate service : setting.services()) {
            providers.put(
                    service.service(),
                    new Provider(1 + random.nextInt(setting.mostUnits()), 4 + random.nextInt(7), random.nextInt(4)));
            given.computeIfAbsent(service.organisation(), none -> new ArrayList<>())
                    .add(service);
        }
        given.forEach((organisation, services) -> {
            index.put(organisation, services);
            Instant away = BEGIN.plus(someTime(setting.length()));
            holidays.put(organisation, new Instant[] {away, away.plus(Duration.ofDays(5 + random.nextInt(15)))});
            at(BEGIN.plus(someTime(setting.length())), () -> leaves(organisation));
        });
        for (int number = 0; number < setting.needs(); ) {
            int first = number;
            int many = setting.packagesOneIn() > 0 && random.nextInt(setting.packagesOneIn()) == 0
                    ? Math.min(2 + random.nextInt(2), setting.needs() - first)
                    : 1;
            at(BEGIN.plus(someTime(setting.stating())), () -> state(first, many));
            number += many;
        }
        for (int day = 1; day < setting.length().toDays(); day++) {
            at(BEGIN.plus(Duration.ofDays(day)), () -> lives.forEach(this::check));
        }
        while (!moments.isEmpty() && moments.peek().at().isBefore(end)) {
            Moment moment = moments.poll();
            now = moment.at();
            moment.what().run();
        }
        lives.forEach(this::check);
        lives.forEach(life -> life.outcomes().forEach(what -> count(what, 1)));
        counts.values().removeIf(zero -> zero == 0);
        counts.put("needs", (long) lives.size());
        counts.put("checks", checks);
        return counts;
    }

    private Duration someTime(Duration within) {
        return Duration.ofMinutes(random.nextInt((int) within.toMinutes()));
    }

    /** After the run. */
    Map<String, Fared> faredBy(Function<Request, String> kind) {
        Map<String, Fared> table = new TreeMap<>();
        lives.forEach(life -> table.merge(kind.apply(life.request), life.fared(), Fared::and));
        return table;
    }

    /** After the run. */
    NeedRouted example() {
        return example.shown();
    }

    private void at(Instant when, Runnable what) {
        moments.add(new Moment(when, order++, what));
    }

    private void in(Duration time, Runnable what) {
        at(now.plus(time), what);
    }

    private void count(String what, long more) {
        counts.merge(what, more, Long::sum);
    }

    /** @param many more than one are a package */
    private void state(int first, int many) {
        Urgency urgency = Urgency.values()[random.nextInt(Urgency.values().length)];
        Duration clock = switch (urgency) {
            case EMERGENCY -> Duration.ofHours(24);
            case URGENT -> Duration.ofHours(72);
            case NORMAL -> Duration.ofDays(14);
        };
        List<Need> needs = new ArrayList<>();
        for (int leg = 0; leg < many; leg++) {
            needs.add(setting.need().apply(random));
        }
        List<Leg> legs = many == 1 ? List.of() : QuarterPackage.legs(random, first, many);
        Life.Person person = new Life.Person(random.nextInt(10) > 0);
        count("packages", many == 1 ? 0 : 1);
        for (int leg = 0; leg < many; leg++) {
            Need need = needs.get(leg);
            Request request = new Request(
                    QuarterPackage.need(first + leg),
                    new CaseCode("%04d-0000-0000".formatted(first)),
                    World.organisation(99),
                    legs.isEmpty() ? need.service() : QuarterPackage.service(legs.get(leg), need, needs),
                    urgency,
                    needs.getFirst().place(),
                    need.age(),
                    need.child(),
                    need.sex(),
                    now,
                    now.plus(clock),
                    null,
                    legs.isEmpty() ? null : legs.get(leg),
                    null,
                    null,
                    null,
                    null);
            Life life = new Life(request, person);
            person.needs.add(life);
            lives.add(life);
        }
        for (Life life : person.needs) {
            tell(life, new ReferralCommand.RequestReferral(life.request, around(life), now));
        }
    }

    private Surroundings around(Life life) {
        Map<ServiceId, Integer> held = held();
        Map<ReferralId, Referral> others = new HashMap<>();
        Map<ReferralId, Shortlist> among = new HashMap<>();
        for (Life other : life.person.needs) {
            if (life.dependsOn(other)) {
                others.put(other.request.referral(), other.state);
                among.put(other.request.referral(), shortlist(other, held));
            }
        }
        return new Surroundings(
                shortlist(life, held),
                life.person.consents ? World.ANYBODY : ConsentTerms.NONE,
                Circumstances.NONE.avoiding(life.person.avoidance()),
                new Legs(others, among),
                new OfferId(new UUID(random.nextLong(), random.nextLong())));
    }

    private Shortlist shortlist(Life life, Map<ServiceId, Integer> held) {
        Shortlist found = index.shortlist(
                life.request.service(), life.request.place(), LocalDate.ofInstant(now, ZoneOffset.UTC), life.asked());
        List<Candidate> candidates = found.candidates().stream()
                .map(service -> service.asOf(
                        false,
                        Math.max(0, provider(service.service()).units() - held.getOrDefault(service.service(), 0)),
                        null))
                .toList();
        return new Shortlist(candidates, found.elsewhere(), found.otherTypes(), found.day());
    }

    private Provider provider(ServiceId service) {
        return Objects.requireNonNull(providers.get(service));
    }

    private Map<ServiceId, Integer> held() {
        Map<ServiceId, Integer> held = new HashMap<>();
        for (Life life : lives) {
            switch (life.state) {
                case Referral.Offered offered -> held.merge(offered.open().service(), 1, Integer::sum);
                case Referral.Accepted accepted ->
                    held.merge(accepted.accepted().service(), 1, Integer::sum);
                case Referral.Unrequested none -> {}
                case Referral.Waiting none -> {}
                case Referral.Ended none -> {}
            }
        }
        return held;
    }

    private void tell(Life life, ReferralCommand command) {
        List<ReferralEvent> events;
        try {
            events = DECIDER.decide(command, life.state);
        } catch (Refusal refused) {
            count("refused", 1);
            return;
        }
        Referral before = life.state;
        for (ReferralEvent event : events) {
            life.state = DECIDER.evolve(life.state, event);
            life.climbing.observe(event);
            ReferralStream.deadlines(event).forEach(change -> set(life, change));
            count("events", 1);
        }
        for (ReferralEvent event : events) {
            if (event instanceof NeedRouted routed) {
                example.consider(routed);
            }
            follow(life, event);
        }
        check(life);
        if (events.stream().anyMatch(Packages::isMovedBy)) {
            life.person.needs.stream()
                    .filter(other -> other.dependsOn(life))
                    .forEach(other -> in(Duration.ofMillis(20), () -> look(other, RoutingTrigger.PACKAGE_CHANGED)));
        }
        if (before != life.state && life.freedSince(before)) {
            lives.stream()
                    .filter(other -> other != life
                            && other.state instanceof Referral.Waiting
                            && other.request.service() == life.request.service())
                    .limit(20)
                    .forEach(other -> in(Duration.ofSeconds(1), () -> route(other, RoutingTrigger.UNIT_RETURNED)));
        }
    }

    private void route(Life life, RoutingTrigger trigger) {
        if (life.state instanceof Referral.Waiting) {
            tell(life, new ReferralCommand.RouteAgain(trigger, around(life), now));
        }
    }

    /** Another need of the package went on, or something became known of the person. */
    private void look(Life life, RoutingTrigger trigger) {
        if (!(life.state instanceof Referral.Unrequested) && !(life.state instanceof Referral.Ended)) {
            tell(life, new ReferralCommand.RouteAgain(trigger, around(life), now));
        }
    }

    private void set(Life life, DeadlineChange change) {
        if (change.due() == null) {
            life.deadlines.remove(change.name());
            return;
        }
        Instant due = change.due().isBefore(now) ? now : change.due();
        life.deadlines.put(change.name(), due);
        at(due, () -> {
            if (life.deadlines.remove(change.name(), due)) {
                fire(life, change.name());
            }
        });
    }

    private void fire(Life life, String name) {
        switch (name) {
            case ReferralStream.NEED_CLOCK -> tell(life, new ReferralCommand.NoteOverdue(now));
            case ReferralStream.NEXT_STEP -> tell(life, new ReferralCommand.EscalateStep(now));
            case ReferralStream.DECISION -> tell(life, new ReferralCommand.EscalateDecision(now));
            case ReferralStream.UNIT_SETTLED -> route(life, RoutingTrigger.UNIT_RETURNED);
            case ReferralStream.PACKAGE_SETTLED -> look(life, RoutingTrigger.PACKAGE_CHANGED);
            case ReferralStream.CLAIMANT -> {
                String claimant = Referral.course(life.state).claimant();
                if (claimant != null && gone.contains(claimant)) {
                    returned(life, claimant);
                }
            }
            default -> {
                OfferId offer = OfferId.of(name.substring(ReferralStream.ANSWER_BY.length()));
                tell(life, new ReferralCommand.ExpireOffer(offer, around(life), now));
            }
        }
    }

    private void returned(Life life, String claimant) {
        count("claims returned because somebody left", 1);
        OrganisationId of = OrganisationId.of(claimant.split(" ")[0]);
        tell(life, new ReferralCommand.ReturnClaim(claimant, ClaimReason.CLAIMANT_LEFT, of, Party.SYSTEM, now));
    }

    private void leaves(OrganisationId provider) {
        String account = provider + " 0";
        gone.add(account);
        lives.stream()
                .filter(life -> !(life.state instanceof Referral.Unrequested)
                        && account.equals(Referral.course(life.state).claimant()))
                .toList()
                .forEach(life -> returned(life, account));
    }

    /** What people do about an event. */
    private void follow(Life life, ReferralEvent event) {
        switch (event) {
            case ServiceOffered offered -> answer(life, offered);
            case OfferAccepted accepted -> {
                serve(life);
                if (worries.nextInt(12) == 0) {
                    in(Duration.ofHours(worries.nextInt(100)), () -> fear(life, accepted.organisation()));
                }
            }
            case ReferralEvent.DangersFound found -> count("dangers where a service is given", 1);
            case ReferralEvent.DecisionOverdue told -> {
                count("told of a decision " + told.told().code(), 1);
                if (worries.nextInt(3) > 0) {
                    in(Duration.ofHours(1), () -> decide(life));
                }
            }
            case ServiceGapFound gap -> life.gap = true;
            case NeedHeldBack held -> count("held back for another need", 1);
            case StepOverdue overdue -> {
                count("told " + overdue.told().code(), 1);
                act(life, overdue);
            }
            case ReferralEvent.NeedEscalated told ->
                count("told of a need " + told.told().code(), 1);
            case ReferralEvent.ProgressReported reported -> count("reports of a service that goes on", 1);
            case ReferralEvent other -> {}
        }
    }

    private void fear(Life life, OrganisationId organisation) {
        life.person.fears.add(organisation);
        life.person.needs.forEach(need -> look(need, RoutingTrigger.CIRCUMSTANCES_CHANGED));
    }

    private void decide(Life life) {
        for (Offer offer : Referral.course(life.state).offers()) {
            if (offer.standing() == Offer.Standing.LATE) {
                tell(life, new ReferralCommand.ReleaseLate(offer.id(), now));
            }
        }
        if (life.state instanceof Referral.Accepted given && given.dangers().isToReview()) {
            tell(life, new ReferralCommand.ReviewPlacement(null, now));
        }
    }

    private void answer(Life life, ServiceOffered offered) {
        life.offers++;
        Provider provider = provider(offered.service());
        Instant[] holiday = Objects.requireNonNull(holidays.get(offered.organisation()));
        boolean away = now.isAfter(holiday[0]) && now.isBefore(holiday[1]);
        Duration life1 = Duration.between(now, offered.answerBy());
        boolean punctual = !away && random.nextInt(10) < provider.punctual();
        Duration when = punctual
                ? life1.multipliedBy(random.nextInt(95)).dividedBy(100)
                : life1.multipliedBy(105 + random.nextInt(400)).dividedBy(100);
        if (!punctual && random.nextInt(3) > 0) {
            return; // never answers
        }
        String account = offered.organisation() + " " + random.nextInt(ACCOUNTS);
        if (!gone.contains(account)) {
            in(when.dividedBy(2), () -> {
                if (!gone.contains(account)) {
                    tell(life, new ReferralCommand.AcknowledgeOffer(offered.offer(), now));
                    tell(
                            life,
                            new ReferralCommand.ClaimReferral(
                                    account, ClaimReason.CLAIMED, account, offered.organisation(), now));
                }
            });
        }
        boolean no = random.nextInt(10) < provider.declines();
        in(
                when,
                () -> tell(
                        life,
                        no
                                ? new ReferralCommand.DeclineOffer(
                                        offered.offer(), DeclineReason.OTHER, null, around(life), now)
                                : new ReferralCommand.AcceptOffer(offered.offer(), null, around(life), now)));
    }

    private void serve(Life life) {
        Duration until = Duration.ofHours(1 + random.nextInt(24 * 6));
        if (random.nextInt(8) == 0) {
            in(until.dividedBy(2), () -> pause(life, until.dividedBy(4)));
        }
        if (random.nextInt(10) > 0) {
            in(until, () -> tell(life, new ReferralCommand.BeginService(Party.RECEIVER, now)));
        }
        if (random.nextInt(4) == 0) {
            in(until.multipliedBy(2), () -> pause(life, Duration.ofDays(random.nextInt(20))));
        }
        if (random.nextInt(12) == 0) {
            in(
                    until.multipliedBy(3),
                    () -> tell(
                            life,
                            new ReferralCommand.TransferReferral(
                                    TransferReason.NO_LONGER_ABLE, null, around(life), Party.RECEIVER, now)));
        }
        if (random.nextInt(10) > 0) {
            in(
                    until.plus(Duration.ofDays(2 + random.nextInt(30))),
                    () -> tell(
                            life,
                            new ReferralCommand.CompleteReferral(
                                    random.nextInt(8) == 0 ? Outcome.COULD_NOT_GET_HELP : Outcome.GOT_HELP,
                                    null,
                                    now)));
        }
    }

    private void pause(Life life, Duration time) {
        tell(life, new ReferralCommand.HoldReferral(PauseReason.OTHER, null, Party.RECEIVER, now));
        in(time, () -> tell(life, new ReferralCommand.ResumeReferral(Party.REQUESTER, now)));
    }

    private void askOrGiveUp(Life life) {
        route(life, RoutingTrigger.ASKED);
        if (life.state instanceof Referral.Waiting && now.isAfter(life.request.dueAt())) {
            tell(life, new ReferralCommand.CancelReferral(CancellationReason.NO_SERVICE, now));
        }
    }

    /** The more somebody is told the likelier they act. */
    private void act(Life life, StepOverdue overdue) {
        if (random.nextInt(4) > overdue.told().ordinal() + 1) {
            return;
        }
        in(Duration.ofHours(1 + random.nextInt(12)), () -> {
            switch (overdue.step()) {
                case ACKNOWLEDGEMENT, ANSWER -> {}
                case DECISION -> {
                    life.person.consents = true;
                    route(life, RoutingTrigger.CONSENT_CHANGED);
                    if (life.request.leg() != null) {
                        askOrGiveUp(life);
                    }
                }
                case SERVICE, OTHER_NEED -> askOrGiveUp(life);
                case FIRST_CONTACT -> tell(life, new ReferralCommand.BeginService(Party.REQUESTER, now));
                case RESUMPTION -> tell(life, new ReferralCommand.ResumeReferral(Party.REQUESTER, now));
                case REPORT ->
                    tell(life, new ReferralCommand.ReportProgress(HowItGoes.OTHER, null, Party.RECEIVER, now));
            }
        });
    }

    private void check(Life life) {
        checks++;
        Promise.holds(life.state, life.deadlines, now, gone);
        Promise.climbs(life, now);
    }
}
