package org.passerelle.referral.referring;

import static org.passerelle.referral.referring.World.DECIDER;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * deciders as they are, deadlines as the store would fire them, and people: {@link QuarterProviders}, {@link QuarterSenders}
 * and what turns out otherwise than anybody planned, {@link QuarterTurns}. What the store adds to it (transactions, locks) is
 * not in it.
 */
final class Quarter {

    private static final Instant BEGIN = Instant.parse("2026-10-01T08:00:00Z");

    /** A moment of the simulation; equal times in the order in which they were set. */
    private record Moment(Instant at, long order, Runnable what) {}

    private final Random random;
    private final Setting setting;
    private final Instant end;
    private final RoutingIndex index = new RoutingIndex(Places.shipped());
    private final PriorityQueue<Moment> moments =
            new PriorityQueue<>(Comparator.comparing(Moment::at).thenComparingLong(Moment::order));
    private final QuarterProviders providers;
    private final QuarterSenders senders;
    private final QuarterTurns turns;
    private final Set<OrganisationId> suspended = new HashSet<>();
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
        this.setting = setting;
        this.end = BEGIN.plus(setting.length());
        this.providers = new QuarterProviders(this, random);
        this.turns = new QuarterTurns(this, new Random(Long.reverse(seed)), setting);
        this.senders = new QuarterSenders(this, random, new Random(seed + 1), turns);
    }

    Map<String, Long> run() {
        Map<OrganisationId, List<Candidate>> given = new LinkedHashMap<>();
        for (Candidate service : setting.services()) {
            providers.comes(service, setting.mostUnits());
            given.computeIfAbsent(service.organisation(), none -> new ArrayList<>())
                    .add(service);
        }
        given.forEach((organisation, services) -> {
            index.put(organisation, services);
            providers.takesLeave(organisation);
            turns.mayBeSuspended(organisation);
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
        lives.forEach(life -> life.outcomes().forEach(this::count));
        counts.put("needs", (long) lives.size());
        counts.put("checks", checks);
        return counts;
    }

    Instant sometime() {
        return BEGIN.plus(someTime(setting.length()));
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

    void at(Instant when, Runnable what) {
        moments.add(new Moment(when, order++, what));
    }

    void in(Duration time, Runnable what) {
        at(now.plus(time), what);
    }

    Instant now() {
        return now;
    }

    List<Life> lives() {
        return lives;
    }

    void count(String what) {
        counts.merge(what, 1L, Long::sum);
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
        Life.Person person = new Life.Person(random.nextInt(10) > 0 ? World.ANYBODY : ConsentTerms.NONE);
        if (many > 1) {
            count("packages");
        }
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
        turns.lives(person);
    }

    Surroundings around(Life life) {
        return around(life, List.of());
    }

    /** @param wanted services that a person asks for, wherever they are */
    Surroundings around(Life life, List<ServiceId> wanted) {
        Map<ServiceId, Integer> held = held();
        Map<ReferralId, Referral> others = new HashMap<>();
        Map<ReferralId, Shortlist> among = new HashMap<>();
        for (Life other : life.person.needs) {
            if (life.dependsOn(other)) {
                others.put(other.request.referral(), other.state);
                among.put(other.request.referral(), shortlist(other, List.of(), held));
            }
        }
        return new Surroundings(
                shortlist(life, wanted, held),
                life.person.consent,
                Circumstances.NONE.avoiding(life.person.avoidance(LocalDate.ofInstant(now, ZoneOffset.UTC))),
                new Legs(others, among),
                suspended,
                Map.of(),
                new OfferId(new UUID(random.nextLong(), random.nextLong())));
    }

    private Shortlist shortlist(Life life, List<ServiceId> wanted, Map<ServiceId, Integer> held) {
        List<ServiceId> asked = new ArrayList<>(wanted);
        asked.addAll(life.asked());
        Shortlist found = index.shortlist(
                life.request.service(), life.request.place(), LocalDate.ofInstant(now, ZoneOffset.UTC), asked);
        List<Candidate> candidates = found.candidates().stream()
                .map(service -> service.asOf(
                        suspended.contains(service.organisation()),
                        Math.max(0, providers.units(service.service()) - held.getOrDefault(service.service(), 0)),
                        null))
                .toList();
        return new Shortlist(candidates, found.elsewhere(), found.otherTypes(), found.day());
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

    /** @return nothing where it was refused, too */
    List<ReferralEvent> tell(Life life, ReferralCommand command) {
        List<ReferralEvent> events;
        try {
            events = DECIDER.decide(command, life.state);
        } catch (Refusal refused) {
            count("refused");
            return List.of();
        }
        Referral before = life.state;
        for (ReferralEvent event : events) {
            life.state = DECIDER.evolve(life.state, event);
            life.climbing.observe(event);
            ReferralStream.deadlines(event).forEach(change -> set(life, change));
            count("events");
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
                    .forEach(other -> in(Duration.ofMillis(20), () -> lookAgain(other)));
        }
        if (before != life.state && life.freedSince(before)) {
            lives.stream()
                    .filter(other -> other != life
                            && other.state instanceof Referral.Waiting
                            && other.request.service() == life.request.service())
                    .limit(20)
                    .forEach(other -> in(Duration.ofSeconds(1), () -> route(other, RoutingTrigger.UNIT_RETURNED)));
        }
        return events;
    }

    void route(Life life, RoutingTrigger trigger) {
        if (life.state instanceof Referral.Waiting) {
            tell(life, new ReferralCommand.RouteAgain(trigger, around(life), now));
        }
    }

    /** What the store does when a consent or a danger changes: each open referral of the case is looked at. */
    List<ReferralEvent> lookAtAll(Life.Person person, RoutingTrigger trigger) {
        List<ReferralEvent> events = new ArrayList<>();
        for (Life life : person.needs) {
            if (isOpen(life)) {
                events.addAll(tell(life, new ReferralCommand.RouteAgain(trigger, around(life), now)));
            }
        }
        return events;
    }

    static boolean isOpen(Life life) {
        return !(life.state instanceof Referral.Unrequested) && !(life.state instanceof Referral.Ended);
    }

    boolean isSuspended(OrganisationId organisation) {
        return suspended.contains(organisation);
    }

    /** At once each referral that it holds is looked at, and once more what it was given at that very moment. */
    void standing(OrganisationId organisation, boolean isSuspended) {
        if (isSuspended) {
            suspended.add(organisation);
        } else {
            suspended.remove(organisation);
        }
        lookAtHeld(organisation);
        in(ReferralStream.SETTLED, () -> lookAtHeld(organisation));
        lives.stream()
                .filter(life -> life.state instanceof Referral.Waiting)
                .forEach(life -> in(Duration.ofSeconds(1), () -> route(life, RoutingTrigger.DIRECTORY_CHANGED)));
    }

    private void lookAtHeld(OrganisationId organisation) {
        lives.stream()
                .filter(life -> life.isHeldBy(organisation))
                .toList()
                .forEach(life -> in(
                        Duration.ofMillis(10),
                        () -> tell(
                                life,
                                new ReferralCommand.RouteAgain(RoutingTrigger.STANDING_CHANGED, around(life), now))));
    }

    /** Another need of the package went on. */
    private void lookAgain(Life life) {
        if (isOpen(life)) {
            tell(life, new ReferralCommand.RouteAgain(RoutingTrigger.PACKAGE_CHANGED, around(life), now));
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
            case ReferralStream.PACKAGE_SETTLED -> lookAgain(life);
            case ReferralStream.CLAIMANT -> {
                String claimant = Referral.course(life.state).claimant();
                if (claimant != null && providers.gone().contains(claimant)) {
                    providers.returned(life, claimant);
                }
            }
            default -> {
                OfferId offer = OfferId.of(name.substring(ReferralStream.ANSWER_BY.length()));
                tell(life, new ReferralCommand.ExpireOffer(offer, around(life), now));
            }
        }
    }

    /** What people do about an event. */
    private void follow(Life life, ReferralEvent event) {
        turns.count(event);
        switch (event) {
            case ServiceOffered offered -> {
                life.offers++;
                if (!turns.isAskedOtherwise(life, offered)) {
                    providers.answer(life, offered);
                }
            }
            case OfferAccepted accepted -> {
                providers.serve(life, accepted.organisation());
                senders.mayHearOfADanger(life, accepted.organisation());
            }
            case ReferralEvent.DangersFound found -> count("dangers where a service is given");
            case ReferralEvent.DecisionOverdue told -> {
                count("told of a decision " + told.told().code());
                senders.mayDecide(life);
            }
            case ServiceGapFound gap -> life.gap = true;
            case NeedHeldBack held -> count("held back for another need");
            case StepOverdue overdue -> {
                count("told " + overdue.told().code());
                senders.act(life, overdue);
            }
            case ReferralEvent.NeedEscalated told ->
                count("told of a need " + told.told().code());
            case ReferralEvent.ProgressReported reported -> count("reports of a service that goes on");
            case ReferralEvent.CaseWorkerTaskRaised raised
            when raised.reason() == TaskReason.LINK_CLOSED -> turns.sendsNewLink(life);
            case ReferralEvent.LateAcceptanceRecorded late -> turns.releases(life, late);
            case ReferralEvent other -> {}
        }
    }

    private void check(Life life) {
        checks++;
        Promise.holds(life.state, life.deadlines, now, providers.gone());
        Promise.climbs(life, now);
    }
}
