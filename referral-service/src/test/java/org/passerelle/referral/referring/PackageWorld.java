package org.passerelle.referral.referring;

import static org.passerelle.referral.referring.World.ANYBODY;
import static org.passerelle.referral.referring.World.DECIDER;
import static org.passerelle.referral.referring.World.NOON;
import static org.passerelle.referral.referring.World.organisation;
import static org.passerelle.referral.referring.World.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.referring.ReferralCommand.AcceptOffer;
import org.passerelle.referral.referring.ReferralCommand.DeclineOffer;
import org.passerelle.referral.referring.ReferralCommand.RequestReferral;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Circumstances;
import org.passerelle.referral.routing.PlainCandidate;
import org.passerelle.referral.routing.Shortlist;
import org.passerelle.referral.routing.Site;

/** Some needs of a package, the services that are there for them, and what happens to them. */
abstract class PackageWorld {

    private static final PlaceCode PLACE = new PlaceCode("BI-BM");
    static final ReferralId FIRST = new ReferralId(new UUID(7, 1));
    static final ReferralId SECOND = new ReferralId(new UUID(7, 2));
    static final ReferralId THIRD = new ReferralId(new UUID(7, 3));

    final Map<ReferralId, List<ReferralEvent>> past = new HashMap<>();
    final Map<ReferralId, Request> requests = new HashMap<>();
    List<Candidate> directory = new ArrayList<>();
    private int offers;

    static Candidate lists(int organisation, int number, ServiceType type, int site, @Nullable Integer free) {
        return PlainCandidate.of(
                service(number),
                organisation(organisation),
                OrganisationType.NGO,
                Set.of(type),
                ServiceStatus.ACTIVE,
                false,
                List.of(new Site(PLACE, null, false, new LocationId(new UUID(3, site)))),
                false,
                Set.of(),
                Set.of(),
                null,
                null,
                free,
                null);
    }

    void need(ReferralId id, ServiceType type, List<Leg.After> after, ReferralId... together) {
        requests.put(
                id,
                new Request(
                        id,
                        new CaseCode("4829-1370-6158"),
                        organisation(99),
                        type,
                        Urgency.URGENT,
                        PLACE,
                        19,
                        false,
                        Sex.FEMININE,
                        NOON,
                        NOON.plus(Duration.ofDays(3)),
                        null,
                        new Leg(new UUID(6, 1), after, List.of(together)),
                        null,
                        null,
                        null,
                        null));
    }

    Referral state(ReferralId id) {
        return DECIDER.fold(DECIDER.initial(), past.getOrDefault(id, List.of()));
    }

    private Surroundings around(ReferralId id) {
        Map<ReferralId, Referral> others = new HashMap<>();
        Map<ReferralId, Shortlist> among = new HashMap<>();
        for (ReferralId other : requests.keySet()) {
            if (!other.equals(id)) {
                others.put(other, state(other));
                among.put(other, services(other));
            }
        }
        return new Surroundings(
                services(id), ANYBODY, Circumstances.NONE, new Legs(others, among), new OfferId(new UUID(2, ++offers)));
    }

    /** Of the need's type; what offers and referrals hold is not free. */
    private Shortlist services(ReferralId id) {
        return new Shortlist(
                directory.stream()
                        .filter(one -> one.types().contains(request(id).service()))
                        .map(one -> {
                            Integer free = one.free();
                            return free == null ? one : one.asOf(false, free - held(one), null);
                        })
                        .toList(),
                0,
                0,
                World.DAY);
    }

    private int held(Candidate service) {
        return (int) requests.keySet().stream()
                .map(this::place)
                .filter(service.service().value().toString()::equals)
                .count();
    }

    private Request request(ReferralId id) {
        Request request = requests.get(id);
        if (request == null) {
            throw new AssertionError("no such need");
        }
        return request;
    }

    List<ReferralEvent> when(ReferralId id, Function<Surroundings, ReferralCommand> command) {
        List<ReferralEvent> events = DECIDER.decide(command.apply(around(id)), state(id));
        past.computeIfAbsent(id, none -> new ArrayList<>()).addAll(events);
        return events;
    }

    List<ReferralEvent> stated(ReferralId id) {
        return when(id, around -> new RequestReferral(request(id), around, NOON));
    }

    /** As the deadlines do it: until nothing changes any more. */
    void settle() {
        for (int turn = 0; turn < 20; turn++) {
            int events = 0;
            for (ReferralId id : requests.keySet().stream()
                    .sorted((a, b) -> a.toString().compareTo(b.toString()))
                    .toList()) {
                if (!(state(id) instanceof Referral.Unrequested)) {
                    events += when(id, around -> new RouteAgain(RoutingTrigger.PACKAGE_CHANGED, around, NOON))
                            .size();
                }
            }
            if (events == 0) {
                return;
            }
        }
        throw new AssertionError("they push each other about for ever: " + past);
    }

    /** The service that has it or is asked; empty where nobody is. */
    String place(ReferralId id) {
        return switch (state(id)) {
            case Referral.Offered offered -> offered.open().service().value().toString();
            case Referral.Accepted accepted ->
                accepted.accepted().service().value().toString();
            case Referral.Unrequested none -> "";
            case Referral.Waiting none -> "";
            case Referral.Ended none -> "";
        };
    }

    static String of(int number) {
        return service(number).value().toString();
    }

    OfferId open(ReferralId id) {
        return ((Referral.Offered) state(id)).open().id();
    }

    void accept(ReferralId id) {
        when(id, around -> new AcceptOffer(open(id), null, around, NOON));
    }

    void decline(ReferralId id) {
        when(id, around -> new DeclineOffer(open(id), DeclineReason.NO_CAPACITY, null, around, NOON));
    }

    NextStep next(ReferralId id) {
        NextStep.Owed owed = Referral.course(state(id)).owed();
        if (owed == null) {
            throw new AssertionError("nothing is owed");
        }
        return owed.step();
    }

    Set<TaskReason> tasks(ReferralId id) {
        return Referral.course(state(id)).tasks();
    }

    void medicalBeforeShelter(Leg.Until until) {
        directory = List.of(lists(1, 1, ServiceType.MEDICAL, 1, null), lists(2, 2, ServiceType.SAFE_SHELTER, 2, null));
        need(FIRST, ServiceType.MEDICAL, List.of());
        need(SECOND, ServiceType.SAFE_SHELTER, List.of(new Leg.After(FIRST, until)));
        stated(FIRST);
        stated(SECOND);
        settle();
    }

    void motherAndChild() {
        need(FIRST, ServiceType.SAFE_SHELTER, List.of(), SECOND);
        need(SECOND, ServiceType.SAFE_SHELTER, List.of(), FIRST);
        stated(FIRST);
        stated(SECOND);
        settle();
    }

    void late(ReferralId id, int offer) {
        OfferId made = Referral.course(state(id)).offers().get(offer).id();
        when(id, around -> new AcceptOffer(made, null, around, NOON));
    }

    void expire(ReferralId id) {
        OfferId open = open(id);
        when(id, around -> new ReferralCommand.ExpireOffer(open, around, NOON));
    }
}
