package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.passerelle.referral.referring.World.ANYBODY;
import static org.passerelle.referral.referring.World.NOON;
import static org.passerelle.referral.referring.World.around;
import static org.passerelle.referral.referring.World.avoiding;
import static org.passerelle.referral.referring.World.offer;
import static org.passerelle.referral.referring.World.organisation;
import static org.passerelle.referral.referring.World.request;
import static org.passerelle.referral.referring.World.service;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.codes.WhyAvoided;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.ReferralCommand.AcceptOffer;
import org.passerelle.referral.referring.ReferralCommand.ChooseService;
import org.passerelle.referral.referring.ReferralCommand.ExpireOffer;
import org.passerelle.referral.referring.ReferralCommand.RequestReferral;
import org.passerelle.referral.referring.ReferralCommand.RouteAgain;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.OfferWithdrawn;
import org.passerelle.referral.referring.ReferralEvent.ServiceGapFound;
import org.passerelle.referral.referring.ReferralEvent.ServiceOffered;
import org.passerelle.referral.routing.Avoidance;
import org.passerelle.referral.routing.Places;

/** A danger that is learnt after somebody was asked, or said yes. */
@Tag("safety")
class AvoidingTest extends Story {

    private static final Instant LATER = NOON.plus(Duration.ofMinutes(5));
    private static final Map<OrganisationId, WhyAvoided> REACH = Map.of(organisation(1), WhyAvoided.TRAFFICKER_REACH);

    /** Of so many organisations the first is feared. */
    private static Surroundings feared(int count, int nextOffer) {
        return avoiding(around(count, ANYBODY, nextOffer), REACH);
    }

    private List<ReferralEvent> learnt(Surroundings around) {
        return when(new RouteAgain(RoutingTrigger.CIRCUMSTANCES_CHANGED, around, LATER));
    }

    private void offeredToTheFirst() {
        when(new RequestReferral(request(Urgency.URGENT, Duration.ofDays(3)), around(2, ANYBODY, 1), NOON));
        assertThat(((Referral.Offered) state()).open().organisation()).isEqualTo(organisation(1));
    }

    @Test
    void whoIsAskedThereIsAskedNoMore_withAReasonLikeAnyOther_andTheNextIs() {
        offeredToTheFirst();
        List<ReferralEvent> events = learnt(feared(2, 2));
        assertThat(events)
                .hasAtLeastOneElementOfType(NeedRouted.class)
                .anySatisfy(event -> assertThat(event).isInstanceOfSatisfying(OfferWithdrawn.class, withdrawn -> {
                    assertThat(withdrawn.organisation()).isEqualTo(organisation(1));
                    assertThat(withdrawn.reason()).isEqualTo(WithdrawalReason.CHOSEN_ELSEWHERE);
                }));
        assertThat(((Referral.Offered) state()).open().organisation()).isEqualTo(organisation(2));
        assertThat(learnt(feared(2, 3))).isEmpty();
    }

    @Test
    void whereNobodyElseIsLeftItIsAGap() {
        when(new RequestReferral(request(Urgency.URGENT, Duration.ofDays(3)), around(1, ANYBODY, 1), NOON));
        assertThat(learnt(feared(1, 2))).hasAtLeastOneElementOfType(ServiceGapFound.class);
    }

    @Test
    void nobodyChoosesWhatIsAvoided_untilItIsLifted() {
        when(new RequestReferral(request(Urgency.URGENT, Duration.ofDays(3)), feared(2, 1), NOON));
        assertThat(((Referral.Offered) state()).open().organisation()).isEqualTo(organisation(2));
        assertThatThrownBy(() -> when(choose(feared(2, 2))))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("not-to-be-overridden"));
        assertThat(when(choose(around(2, ANYBODY, 2)))).hasAtLeastOneElementOfType(ServiceOffered.class);
    }

    private static ChooseService choose(Surroundings around) {
        return new ChooseService(service(1), ChoiceReason.PERSON_ASKED, null, around, Party.REQUESTER, LATER);
    }

    @Test
    void theNewestThatWasToldCounts_inWhateverOrderTheyCome() {
        AvoidanceTold first = new AvoidanceTold(1, List.of(new PlaceCode("NG-ED")), List.of(), NOON);
        AvoidanceTold lifted = new AvoidanceTold(2, List.of(), List.of(), LATER);
        AvoidanceTold afterARestore = new AvoidanceTold(2, first.places(), List.of(), LATER.plusSeconds(1));
        assertThat(told(first, lifted, first).on(World.DAY, Places.shipped())).isEqualTo(Avoidance.NONE);
        assertThat(told(first, first).places()).isEqualTo(Set.of(new PlaceCode("NG-ED")));
        assertThat(told(first, lifted, afterARestore).places()).isEqualTo(Set.of(new PlaceCode("NG-ED")));
    }

    private static AvoidanceTold.Known told(AvoidanceTold... all) {
        var decider = AvoidanceTold.KIND.decider();
        AvoidanceTold.Known known = decider.initial();
        for (AvoidanceTold one : all) {
            known = decider.fold(known, decider.decide(one, known));
        }
        return known;
    }

    @Test
    void aLateYesFromThereComesTooLate() {
        when(new RequestReferral(request(Urgency.URGENT, Duration.ofDays(3)), around(1, ANYBODY, 1), NOON));
        when(new ExpireOffer(offer(1), around(1, ANYBODY, 2), LATER));
        assertThatThrownBy(() -> when(new AcceptOffer(offer(1), null, feared(1, 2), LATER)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("offer-no-longer-consented"));
    }
}
