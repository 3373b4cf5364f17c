package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.referring.World.DECIDER;

import java.time.Duration;
import java.time.Instant;
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
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.DeadlineChange;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.Lifecycle.Stage;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.OfferAccepted;
import org.passerelle.referral.referring.ReferralEvent.ServiceGapFound;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Circumstances;
import org.passerelle.referral.routing.ConsentTerms;
import org.passerelle.referral.routing.Need;
import org.passerelle.referral.routing.RoutingIndex;
import org.passerelle.referral.routing.Shortlist;

/**
 * A quarter, or another time, of a mechanism by seed, under a clock that jumps from one thing that happens to the next: the deciders as they
 * are, deadlines as the store would fire them, and providers that answer at once, late or never, decline, fill up, go on
 * holiday and lose people. What the store adds to it (transactions, locks) is not in it.
 */
final class Quarter {

    private static final Instant BEGIN = Instant.parse("2026-10-01T08:00:00Z");
    private static final int ACCOUNTS = 3;

    /** A moment of the simulation; equal times in the order in which they were set. */
    private record Moment(Instant at, long order, Runnable what) {}

    /** @param punctual how many of ten offers are answered in time; {@code declines} of ten of these with a no */
    private record Provider(int units, int punctual, int declines) {}

    private static final class Life {
        private final Request request;
        private Referral state = DECIDER.initial();
        private final Map<String, Instant> deadlines = new HashMap<>();
        private boolean consents;
        private int offers;
        private boolean gap;

        Life(Request request, boolean consents) {
            this.request = request;
            this.consents = consents;
        }
    }

    private final Random random;
    private final Setting setting;
    private final Instant end;
    private final RoutingIndex index = new RoutingIndex();
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
    private @Nullable NeedRouted example;

    Quarter(long seed, int needs) {
        this(seed, Setting.quarter(new Random(~seed), needs));
    }

    Quarter(long seed, Setting setting) {
        this.random = new Random(seed);
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
        for (int number = 0; number < setting.needs(); number++) {
            int stated = number;
            at(BEGIN.plus(someTime(setting.stating())), () -> state(stated));
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
        for (Life life : lives) {
            Stage stage = Stage.of(life.state);
            count("ended " + stage.code(), stage.ended() ? 1 : 0);
            count("still " + stage.code(), stage.ended() ? 0 : 1);
            count("placed at the first try", life.offers == 1 && placed(life) ? 1 : 0);
            count("placed after re-routing", life.offers > 1 && placed(life) ? 1 : 0);
            count("a gap at some time", life.gap ? 1 : 0);
        }
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
        lives.forEach(life -> table.merge(kind.apply(life.request), fared(life), Fared::and));
        return table;
    }

    private void consider(NeedRouted routed) {
        boolean tells =
                routed.ranking().kept().size() > 3 && routed.ranking().leftOut().size() > 3;
        if (tells && (example == null || considered(routed) < considered(example))) {
            example = routed;
        }
    }

    private static int considered(NeedRouted routed) {
        return routed.ranking().kept().size() + routed.ranking().leftOut().size();
    }

    /** After the run: of the decisions that ranked and left out several, the first of the shortest. */
    NeedRouted example() {
        return Objects.requireNonNull(example);
    }

    private static Fared fared(Life life) {
        boolean placed = placed(life);
        return new Fared(
                1,
                placed && life.offers == 1 ? 1 : 0,
                placed && life.offers > 1 ? 1 : 0,
                !placed && life.gap ? 1 : 0,
                !placed && !life.gap ? 1 : 0);
    }

    private static boolean placed(Life life) {
        return !(life.state instanceof Referral.Unrequested)
                && Referral.course(life.state).offers().stream()
                        .anyMatch(offer -> offer.standing() == Offer.Standing.ACCEPTED);
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

    private void state(int number) {
        Urgency urgency = Urgency.values()[random.nextInt(Urgency.values().length)];
        Duration clock = switch (urgency) {
            case EMERGENCY -> Duration.ofHours(24);
            case URGENT -> Duration.ofHours(72);
            case NORMAL -> Duration.ofDays(14);
        };
        Need need = setting.need().apply(random);
        Request request = new Request(
                new ReferralId(new UUID(7, number)),
                new CaseCode("%04d-0000-0000".formatted(number)),
                World.organisation(99),
                need.service(),
                urgency,
                need.place(),
                need.age(),
                need.child(),
                need.sex(),
                now,
                now.plus(clock),
                null,
                null,
                null,
                null);
        Life life = new Life(request, random.nextInt(10) > 0);
        lives.add(life);
        tell(life, new ReferralCommand.RequestReferral(request, around(life), now));
    }

    private Surroundings around(Life life) {
        Map<ServiceId, Integer> held = held();
        List<ServiceId> asked = life.state instanceof Referral.Unrequested
                ? List.of()
                : Referral.course(life.state).offers().stream()
                        .map(Offer::service)
                        .toList();
        Shortlist found = index.shortlist(life.request.service(), life.request.place(), asked);
        List<Candidate> candidates = found.candidates().stream()
                .map(service -> service.asOf(
                        false,
                        Math.max(0, provider(service.service()).units() - held.getOrDefault(service.service(), 0)),
                        null))
                .toList();
        return new Surroundings(
                new Shortlist(candidates, found.elsewhere(), found.otherTypes()),
                life.consents ? World.ANYBODY : ConsentTerms.NONE,
                Circumstances.NONE,
                new OfferId(new UUID(random.nextLong(), random.nextLong())));
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
            ReferralStream.deadlines(event).forEach(change -> set(life, change));
            count("events", 1);
        }
        for (ReferralEvent event : events) {
            if (event instanceof NeedRouted routed) {
                consider(routed);
            }
            follow(life, event);
        }
        check(life);
        if (before != life.state && freed(before, life.state)) {
            lives.stream()
                    .filter(other -> other != life
                            && other.state instanceof Referral.Waiting
                            && other.request.service() == life.request.service())
                    .limit(20)
                    .forEach(other -> in(Duration.ofSeconds(1), () -> route(other, RoutingTrigger.UNIT_RETURNED)));
        }
    }

    private static boolean freed(Referral before, Referral after) {
        return (before instanceof Referral.Offered || before instanceof Referral.Accepted)
                && (after instanceof Referral.Waiting || after instanceof Referral.Ended);
    }

    private void route(Life life, RoutingTrigger trigger) {
        if (life.state instanceof Referral.Waiting) {
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
            case ReferralStream.UNIT_SETTLED -> route(life, RoutingTrigger.UNIT_RETURNED);
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
            case OfferAccepted accepted -> serve(life);
            case ServiceGapFound gap -> life.gap = true;
            case StepOverdue overdue -> {
                count("told " + overdue.told().code(), 1);
                act(life, overdue);
            }
            case ReferralEvent other -> {}
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
        if (random.nextInt(10) > 0) {
            in(until, () -> tell(life, new ReferralCommand.BeginService(Party.RECEIVER, now)));
        }
        if (random.nextInt(4) == 0) {
            in(until.multipliedBy(2), () -> {
                tell(life, new ReferralCommand.HoldReferral(PauseReason.OTHER, null, Party.RECEIVER, now));
                in(
                        Duration.ofDays(random.nextInt(20)),
                        () -> tell(life, new ReferralCommand.ResumeReferral(Party.REQUESTER, now)));
            });
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

    /** The more somebody is told the likelier they act. */
    private void act(Life life, StepOverdue overdue) {
        if (random.nextInt(4) > overdue.told().ordinal() + 1) {
            return;
        }
        in(Duration.ofHours(1 + random.nextInt(12)), () -> {
            switch (overdue.step()) {
                case ANSWER -> {}
                case DECISION -> {
                    life.consents = true;
                    route(life, RoutingTrigger.CONSENT_CHANGED);
                }
                case SERVICE -> {
                    route(life, RoutingTrigger.ASKED);
                    if (life.state instanceof Referral.Waiting && now.isAfter(life.request.dueAt())) {
                        tell(life, new ReferralCommand.CancelReferral(CancellationReason.NO_SERVICE, now));
                    }
                }
                case FIRST_CONTACT -> tell(life, new ReferralCommand.BeginService(Party.REQUESTER, now));
                case RESUMPTION -> tell(life, new ReferralCommand.ResumeReferral(Party.REQUESTER, now));
                case REPORT ->
                    tell(life, new ReferralCommand.CompleteReferral(Outcome.GOT_HELP, null, Party.REQUESTER, now));
            }
        });
    }

    /** An owner, a clock that is still to run out, and a next step; and no claim of somebody who left. */
    private void check(Life life) {
        checks++;
        Stage stage = Stage.of(life.state);
        if (stage.ended()) {
            assertThat(life.deadlines.keySet()).isSubsetOf(ReferralStream.CLAIMANT, ReferralStream.UNIT_SETTLED);
            return;
        }
        Referral.Course course = Referral.course(life.state);
        assertThat(course.owed())
                .as("the next step of a referral that is %s", stage)
                .isNotNull();
        assertThat(course.owed().of()).as("its owner").isNotNull();
        assertThat(life.deadlines.get(ReferralStream.NEXT_STEP)).as("its clock").isAfterOrEqualTo(now);
        NextStep expected = switch (stage) {
            case REQUESTED -> course.gap() ? NextStep.SERVICE : NextStep.DECISION;
            case OFFERED -> NextStep.ANSWER;
            case ACCEPTED -> NextStep.FIRST_CONTACT;
            case IN_PROGRESS -> NextStep.REPORT;
            case ON_HOLD -> NextStep.RESUMPTION;
            case DRAFT, COMPLETED, FAILED, DECLINED, EXPIRED, CANCELLED, ENTERED_IN_ERROR ->
                throw new AssertionError(stage);
        };
        assertThat(course.owed().step()).isEqualTo(expected);
        if (life.state instanceof Referral.Offered offered) {
            assertThat(life.deadlines)
                    .containsKey(ReferralStream.ANSWER_BY + offered.open().id());
        }
        if (course.claimant() != null) {
            assertThat(gone).doesNotContain(course.claimant());
        }
    }
}
