package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.referral.referring.World.DECIDER;
import static org.passerelle.referral.referring.World.NOON;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.referring.ReferralCommand.DeclineOffer;
import org.passerelle.referral.referring.ReferralCommand.ExpireOffer;
import org.passerelle.referral.referring.ReferralCommand.RequestReferral;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Circumstances;
import org.passerelle.referral.routing.Ranking;
import org.passerelle.referral.routing.RoutingIndex;
import org.passerelle.referral.routing.Shortlist;

/** Given what those who were asked said, when something newer is known of them, then they are asked again: once. */
@Tag("routing")
class AskedAgainTest {

    private final List<ReferralEvent> past = new ArrayList<>();
    private final Map<RoutingIndex.Key, Instant> news = new HashMap<>();
    private List<Candidate> directory = List.of();
    private int offers;
    private Instant now = NOON;

    /** A shelter for everybody, as the {@code number}th service of an organisation. */
    private static Candidate shelter(int organisation, int number) {
        return World.candidate(organisation, number, ServiceType.SAFE_SHELTER, new PlaceCode("BI-BM"));
    }

    private Referral state() {
        return DECIDER.fold(DECIDER.initial(), past);
    }

    private Surroundings around() {
        return new Surroundings(
                new Shortlist(directory, 0, 0, World.DAY),
                World.ANYBODY,
                Circumstances.NONE,
                Legs.NONE,
                Set.of(),
                news,
                World.offer(++offers));
    }

    private List<ReferralEvent> when(ReferralCommand command) {
        List<ReferralEvent> events = DECIDER.decide(command, state());
        past.addAll(events);
        return events;
    }

    private void stated(Candidate... services) {
        directory = List.of(services);
        when(new RequestReferral(World.request(Urgency.EMERGENCY, Duration.ofHours(24)), around(), now));
    }

    private OfferId open() {
        return ((Referral.Offered) state()).open().id();
    }

    private void declined(DeclineReason reason) {
        now = now.plusSeconds(60);
        when(new DeclineOffer(open(), reason, null, around(), now));
    }

    private void expired() {
        now = now.plusSeconds(1_800);
        when(new ExpireOffer(open(), around(), now));
    }

    private void says(Candidate service) {
        now = now.plusSeconds(60);
        news.put(RoutingIndex.Key.of(service), now);
    }

    private List<ReferralEvent> look() {
        now = now.plusSeconds(1);
        return when(new RouteAgain(RoutingTrigger.DIRECTORY_CHANGED, around(), now));
    }

    private ServiceId asked() {
        return ((Referral.Offered) state()).open().service();
    }

    private ReferralEvent.NeedRouted lastRouted() {
        return past.stream()
                .filter(event -> event instanceof ReferralEvent.NeedRouted)
                .map(event -> (ReferralEvent.NeedRouted) event)
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private List<String> whyNot() {
        return Objects.requireNonNull(lastRouted().ranking()).leftOut().stream()
                .flatMap(verdict -> verdict.reasons().stream())
                .map(reason -> reason.code())
                .toList();
    }

    @Test
    void whoWasAsleepIsAskedAgainOnceItSaysWhatItHas_andNotASecondTimeForTheSameWord() {
        Candidate only = shelter(1, 1);
        stated(only);
        expired();
        assertThat(whyNot()).containsExactly("out.expired");
        assertThat(look()).as("nothing is new").isEmpty();
        says(only);
        look();
        assertThat(asked()).isEqualTo(only.service());
        expired();
        assertThat(state()).isInstanceOf(Referral.Waiting.class);
        assertThat(look()).as("it said nothing since").isEmpty();
        says(only);
        look();
        assertThat(asked()).isEqualTo(only.service());
    }

    @Test
    void whoHadNoRoomIsAskedAgainWhenItSaysOtherwise_butNotWhoCannotTakeTheNeed() {
        Candidate full = shelter(1, 1);
        Candidate notForIt = shelter(2, 2);
        stated(full, notForIt);
        declined(DeclineReason.NO_CAPACITY);
        assertThat(asked()).isEqualTo(notForIt.service());
        declined(DeclineReason.NOT_ELIGIBLE);
        assertThat(whyNot()).containsExactly("out.said-full", "out.declined-here");
        says(notForIt);
        assertThat(look()).isEmpty();
        says(full);
        look();
        assertThat(asked()).isEqualTo(full.service());
    }

    @Test
    void whoSaidSomethingNewMeanwhileComesAfterThoseWhoWereNotAskedYet() {
        Candidate first = shelter(1, 1);
        Candidate second = shelter(2, 2);
        stated(first, second);
        declined(DeclineReason.NO_CAPACITY);
        says(first);
        assertThat(asked()).isEqualTo(second.service());
        expired();
        assertThat(asked()).isEqualTo(first.service());
    }

    @Test
    void aNoOfOneServiceBarsNoOtherOfItsOrganisation_unlessItIsAboutThePerson() {
        Candidate children = shelter(1, 1);
        Candidate adults = shelter(1, 2);
        stated(children, adults);
        declined(DeclineReason.NOT_ELIGIBLE);
        assertThat(asked()).isEqualTo(adults.service());
        declined(DeclineReason.SAFETY_CONCERN);
        assertThat(whyNot()).containsExactly("out.declined", "out.declined");
        says(adults);
        assertThat(look()).isEmpty();
    }

    @Test
    void silenceOfOneServiceLeavesItsOrganisationForTheLast() {
        Candidate silent = shelter(1, 1);
        Candidate sameDesk = shelter(1, 2);
        Candidate other = shelter(2, 3);
        stated(silent, sameDesk, other);
        expired();
        assertThat(asked()).isEqualTo(other.service());
        declined(DeclineReason.OUT_OF_AREA);
        assertThat(asked()).isEqualTo(sameDesk.service());
        expired();
        assertThat(state()).isInstanceOf(Referral.Waiting.class);
    }

    @Test
    void theWaitingListKnowsWhoIsWaitedForAnew() {
        Candidate silent = shelter(1, 1);
        Candidate full = shelter(2, 2).asOf(false, 0, null);
        stated(silent, full);
        expired();
        assertThat(lastRouted().waitsFor())
                .containsExactlyInAnyOrder(
                        new Ranking.Awaited(silent.service(), true), new Ranking.Awaited(full.service(), false));
    }

    @Test
    void howeverItGoes_nobodyIsAskedMoreOftenThanOnceAndOnceForEachWord() {
        long seed = Long.getLong("seed", 20_261_123L);
        int again = 0;
        for (int life = 0; life < 200; life++) {
            Random random = new Random(seed + life);
            past.clear();
            news.clear();
            now = NOON;
            Candidate[] all = {shelter(1, 1), shelter(1, 2), shelter(2, 3), shelter(3, 4)};
            Map<ServiceId, Integer> words = new HashMap<>();
            stated(all);
            for (int step = 0; step < 40; step++) {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        Candidate one = all[random.nextInt(all.length)];
                        says(one);
                        words.merge(one.service(), 1, Integer::sum);
                    }
                    case 1 -> look();
                    default -> {
                        if (!(state() instanceof Referral.Offered)) {
                            look();
                        } else if (random.nextBoolean()) {
                            expired();
                        } else {
                            declined(DeclineReason.values()[random.nextInt(DeclineReason.values().length)]);
                        }
                    }
                }
            }
            Map<ServiceId, Integer> asked = new HashMap<>();
            Referral.course(state()).offers().forEach(offer -> asked.merge(offer.service(), 1, Integer::sum));
            for (Candidate one : all) {
                int times = asked.getOrDefault(one.service(), 0);
                assertThat(times)
                        .as("seed " + seed + " life " + life)
                        .isLessThanOrEqualTo(1 + words.getOrDefault(one.service(), 0));
                again += times > 1 ? 1 : 0;
            }
        }
        assertThat(again).as("it was put to the test").isGreaterThan(100);
    }

    @Test
    void anOlderOfferWithoutAReasonCountsForItsService() {
        Offer old = new Offer(World.offer(1), World.organisation(1), World.service(1), NOON, Offer.Standing.DECLINED);
        assertThat(Answers.whileOthersAreLeft(List.of(old)).organisations()).isEmpty();
        assertThat(Answers.inTheEnd(List.of(old), Map.of(old.key(), NOON.plusSeconds(1)))
                        .services())
                .containsOnlyKeys(old.key());
    }
}
