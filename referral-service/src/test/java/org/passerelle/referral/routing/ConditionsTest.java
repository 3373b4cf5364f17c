package org.passerelle.referral.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.passerelle.referral.codes.Circumstance;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.texts.Texts;

class ConditionsTest {

    private static final LocalDate DAY = LocalDate.parse("2026-11-20");
    private static final PlaceCode LAGOS = new PlaceCode("NG-LA");
    private static final ConsentTerms ANY = new ConsentTerms(true, true, Set.of(), false, false, Set.of());
    private static final RoutingPolicy POLICY = new RoutingPolicy(Places.shipped(), ShippedWeights.TABLE);

    private static final Conditions FOR_PREGNANT_WOMEN =
            new Conditions(Set.of(), Set.of(Circumstance.PREGNANT), Set.of(), Set.of(), null, false);

    private static Candidate shelter(int number, Conditions conditions) {
        return new Candidate(
                new ServiceId(new UUID(1, number)),
                new OrganisationId(new UUID(0, number)),
                OrganisationType.NGO,
                false,
                Set.of(ServiceType.SAFE_SHELTER),
                ServiceStatus.ACTIVE,
                false,
                List.of(new Site(LAGOS, null, false)),
                false,
                Set.of(),
                Set.of(),
                null,
                null,
                Set.of(),
                conditions,
                10,
                null);
    }

    private static Conditions promising(@Nullable Integer hours) {
        return new Conditions(Set.of(), Set.of(), Set.of(), Set.of(), hours, false);
    }

    private static Need need(Urgency urgency, Circumstance... circumstances) {
        return new Need(
                ServiceType.SAFE_SHELTER, LAGOS, 24, false, Sex.FEMININE, urgency, List.of(), Set.of(circumstances));
    }

    private static Ranking rank(Need need, Set<ServiceType> otherNeeds, Candidate... candidates) {
        return POLICY.rank(
                need,
                new Shortlist(List.of(candidates), 0, 0, DAY),
                ANY,
                PriorAnswers.NONE,
                Circumstances.NONE.beside(otherNeeds));
    }

    private static List<String> whyNot(Ranking ranking) {
        return ranking.leftOut().stream()
                .flatMap(verdict -> verdict.reasons().stream())
                .map(Reason::code)
                .toList();
    }

    private static void isSaidInThreeLanguages(List<Verdict> verdicts) {
        for (Locale locale : List.of(Locale.FRENCH, Locale.of("es"), Locale.ENGLISH)) {
            Texts texts = Texts.in(locale);
            verdicts.stream()
                    .flatMap(verdict -> verdict.reasons().stream())
                    .forEach(reason -> assertThat(texts.say(reason.code(), reason.args()))
                            .doesNotContain("{")
                            .doesNotContain(reason.code())
                            .endsWith("."));
        }
    }

    @Test
    void aServiceIsLeftOutForAnUrgencyThatItDoesNotTake() {
        Candidate byAppointment =
                shelter(1, new Conditions(Set.of(Urgency.NORMAL), Set.of(), Set.of(), Set.of(), null, false));
        Ranking emergency = rank(need(Urgency.EMERGENCY), Set.of(), byAppointment);
        assertThat(whyNot(emergency)).containsExactly("out.urgency");
        isSaidInThreeLanguages(emergency.leftOut());
        assertThat(rank(need(Urgency.NORMAL), Set.of(), byAppointment).kept()).hasSize(1);
    }

    @Test
    void aServiceIsLeftOutForACircumstanceThatItExcludes_andTheSentenceDoesNotSayWhich() {
        Candidate excluding = shelter(
                1,
                new Conditions(
                        Set.of(),
                        Set.of(Circumstance.PREGNANT),
                        Set.of(Circumstance.IRREGULAR),
                        Set.of(),
                        null,
                        false));
        Need pregnant = need(Urgency.URGENT, Circumstance.PREGNANT);
        assertThat(rank(pregnant, Set.of(), excluding).kept()).hasSize(1);
        Ranking both = rank(need(Urgency.URGENT, Circumstance.PREGNANT, Circumstance.IRREGULAR), Set.of(), excluding);
        assertThat(both.leftOut().getFirst().reasons()).containsExactly(Reason.of("out.circumstances"));
        isSaidInThreeLanguages(both.leftOut());
        assertThat(rank(need(Urgency.URGENT), Set.of(), excluding).kept())
                .as("of what nobody said nothing is known")
                .hasSize(1);
    }

    @Test
    void aServiceIsLeftOutWhereThePersonHasANeedThatItMustNotBeCombinedWith() {
        Candidate apart =
                shelter(1, new Conditions(Set.of(), Set.of(), Set.of(), Set.of(ServiceType.POLICE), null, false));
        Ranking ranking = rank(need(Urgency.URGENT), Set.of(ServiceType.POLICE, ServiceType.LEGAL), apart);
        assertThat(ranking.leftOut().getFirst().reasons()).containsExactly(Reason.of("out.not-with"));
        isSaidInThreeLanguages(ranking.leftOut());
        assertThat(rank(need(Urgency.URGENT), Set.of(ServiceType.LEGAL), apart).kept())
                .hasSize(1);
    }

    @Test
    void whoIsPreparedForTheCircumstanceComesFirst_andTheOthersAreToBeAsked() {
        Candidate silent = shelter(1, Conditions.NONE);
        Candidate prepared = shelter(2, FOR_PREGNANT_WOMEN);
        Ranking ranking = rank(need(Urgency.URGENT, Circumstance.PREGNANT), Set.of(), silent, prepared);
        assertThat(ranking.kept()).extracting(Verdict::service).containsExactly(prepared.service(), silent.service());
        assertThat(ranking.kept().getLast().reasons()).contains(Reason.of("kept.ask-circumstances"));
        isSaidInThreeLanguages(ranking.kept());
        assertThat(rank(need(Urgency.URGENT), Set.of(), silent, prepared).kept())
                .extracting(Verdict::service)
                .as("nothing is to be asked where nothing was said")
                .containsExactly(silent.service(), prepared.service());
    }

    @Test
    void whoPromisesToActSoonerComesFirst_andMoreSoTheMoreUrgentItIs() {
        Candidate slow = shelter(1, promising(48));
        Candidate silent = shelter(2, promising(null));
        Candidate quick = shelter(3, promising(1));
        for (Urgency urgency : Urgency.values()) {
            Ranking ranking = rank(need(urgency), Set.of(), slow, silent, quick);
            assertThat(ranking.kept().getFirst().service()).isEqualTo(quick.service());
            assertThat(ranking.kept().getFirst().reasons()).contains(Reason.of("kept.promises", "1"));
            isSaidInThreeLanguages(ranking.kept());
        }
        assertThat(rank(need(Urgency.EMERGENCY), Set.of(), slow, silent).kept())
                .extracting(Verdict::service)
                .as("two days are worse than a promise that nobody made")
                .containsExactly(silent.service(), slow.service());
        assertThat(rank(need(Urgency.NORMAL), Set.of(), slow, silent).kept())
                .extracting(Verdict::service)
                .containsExactly(slow.service(), silent.service());
    }

    @Test
    void aPlaceThatIsGivenAfterAnAssessmentCountsForHalf() {
        Candidate assessing = shelter(1, new Conditions(Set.of(), Set.of(), Set.of(), Set.of(), null, true));
        Candidate open = shelter(2, Conditions.NONE);
        Ranking ranking = rank(need(Urgency.URGENT), Set.of(), assessing, open);
        assertThat(ranking.kept()).extracting(Verdict::service).containsExactly(open.service(), assessing.service());
        assertThat(ranking.kept().getLast().reasons()).contains(Reason.of("kept.assesses-first"));
        isSaidInThreeLanguages(ranking.kept());
    }

    @Test
    void weightsFromBeforeThereWerePromisesStillHold() {
        Weights before = Weights.of(
                7, List.of("distance:1,eligibility:1,capacity:1,response:1,language:1,continuity:1,load:1".split(",")));
        Ranking ranking = new RoutingPolicy(Places.shipped(), new Weights.Table(before, before, before))
                .rank(
                        need(Urgency.URGENT),
                        new Shortlist(List.of(shelter(1, promising(48)), shelter(2, promising(1))), 0, 0, DAY),
                        ANY,
                        PriorAnswers.NONE,
                        Circumstances.NONE);
        assertThat(ranking.kept())
                .extracting(verdict -> verdict.service().value().getLeastSignificantBits())
                .containsExactly(1L, 2L);
    }
}
