package org.passerelle.referral.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.codes.WhyAvoided;

/** Not where the trafficker has reach, not to an organisation in conflict. */
@Tag("safety")
class AvoidanceTest {

    private static final LocalDate DAY = LocalDate.parse("2026-11-20");
    private static final PlaceCode ASKED = new PlaceCode("NG-DE");
    private static final PlaceCode FEARED = new PlaceCode("NG-ED");
    private static final PlaceCode COUNTRY = new PlaceCode("NG");
    private static final Avoidance NOT_THERE = Avoidance.of(Set.of(FEARED), Map.of(), Places.shipped(), DAY);
    private static final OrganisationId ORGANISATION = new OrganisationId(new UUID(0, 1));

    private static final RoutingPolicy POLICY = new RoutingPolicy(Places.shipped(), ShippedWeights.TABLE);
    private static final ConsentTerms ANYBODY = new ConsentTerms(true, true, Set.of(), true, false, Set.of());

    private static Candidate at(Set<PlaceCode> areas, Site... sites) {
        return PlainCandidate.of(
                new ServiceId(new UUID(1, 1)),
                ORGANISATION,
                OrganisationType.NGO,
                Set.of(ServiceType.SAFE_SHELTER),
                ServiceStatus.ACTIVE,
                false,
                List.of(sites),
                !areas.isEmpty(),
                areas,
                Set.of(),
                null,
                null,
                null,
                null);
    }

    private static Site site(PlaceCode place) {
        return new Site(place, null, false);
    }

    private static List<String> against(Avoidance avoidance, Candidate candidate) {
        return rank(avoidance, ANYBODY, candidate).leftOut().stream()
                .flatMap(verdict -> verdict.reasons().stream().map(Reason::code))
                .toList();
    }

    private static Ranking rank(Avoidance avoidance, ConsentTerms consent, Candidate candidate) {
        return POLICY.rank(
                new Need(ServiceType.SAFE_SHELTER, ASKED, 19, false, Sex.FEMININE),
                new Shortlist(List.of(candidate), 0, 0, DAY),
                consent,
                PriorAnswers.NONE,
                Circumstances.NONE.avoiding(avoidance));
    }

    @Test
    void whatNobodyCanPlaceMayBeThere() {
        Avoidance bujumbura = Avoidance.of(Set.of(new PlaceCode("BI-BM")), Map.of(), Places.shipped(), DAY);
        assertThat(bujumbura.concerns(at(Set.of(), site(new PlaceCode("BI0104")))))
                .isTrue();
        assertThat(bujumbura.concerns(at(Set.of(), site(new PlaceCode("BI-GI")))))
                .isFalse();
        assertThat(bujumbura.concerns(at(Set.of(), site(new PlaceCode("NG025")))))
                .isFalse();
    }

    @Test
    void aServiceThatReachesThePlaceFromWhereTheTraffickerHasReachIsLeftOut() {
        Candidate shelter = at(Set.of(), site(FEARED));
        assertThat(against(Avoidance.NONE, shelter)).isEmpty();
        assertThat(against(NOT_THERE, shelter)).containsExactly("out.unsafe");
        assertThat(against(NOT_THERE, at(Set.of(), site(ASKED)))).isEmpty();
    }

    @Test
    void ofSeveralDoorsOneIsEnough() {
        assertThat(against(NOT_THERE, at(Set.of(), site(ASKED), site(FEARED)))).containsExactly("out.unsafe");
    }

    @Test
    void whereTheDirectoryDoesNotSayIsWhereItMayBe() {
        assertThat(against(NOT_THERE, at(Set.of(), site(COUNTRY)))).containsExactly("out.unsafe");
        assertThat(against(NOT_THERE, at(Set.of(COUNTRY)))).containsExactly("out.unsafe");
        assertThat(against(NOT_THERE, at(Set.of(ASKED)))).isEmpty();
        assertThat(against(NOT_THERE, at(Set.of(ASKED, FEARED), new Site(null, null, false))))
                .containsExactly("out.unsafe");
    }

    @Test
    void whoComesFromElsewhereMayServeThatPlaceToo() {
        assertThat(against(NOT_THERE, at(Set.of(ASKED, FEARED), site(ASKED)))).isEmpty();
    }

    @Test
    void whatIsGivenByTelephoneIsNowhere() {
        assertThat(against(NOT_THERE, at(Set.of(COUNTRY), new Site(FEARED, null, true))))
                .isEmpty();
    }

    @Test
    void anOrganisationIsLeftOutByWhatIsSaidOfIt() {
        for (WhyAvoided why : WhyAvoided.values()) {
            assertThat(against(new Avoidance(List.of(), Map.of(ORGANISATION, why)), at(Set.of(), site(ASKED))))
                    .as(why.code())
                    .containsExactly(why == WhyAvoided.TRAFFICKER_REACH ? "out.unsafe" : "out.conflict");
        }
    }

    @Test
    void neitherConsentNorTheLawSendsSomebodyThere() {
        Avoidance feared =
                Avoidance.of(Set.of(FEARED), Map.of(ORGANISATION, WhyAvoided.EMPLOYS_SUSPECT), Places.shipped(), DAY);
        Ranking reported = rank(feared, ConsentTerms.NONE.reportedTo(Set.of(ORGANISATION)), at(Set.of(), site(FEARED)));
        assertThat(reported.kept()).isEmpty();
        assertThat(reported.leftOut().getFirst().reasons())
                .extracting(Reason::code)
                .containsExactly("out.unsafe", "out.conflict");
        assertThat(reported.consentStands()).isFalse();
        assertThat(reported.full()).isEmpty();
    }

    @Test
    void whoDoesNotKnowThePersonReadsNeitherDangerNorConflict() {
        Avoidance feared =
                Avoidance.of(Set.of(FEARED), Map.of(ORGANISATION, WhyAvoided.EMPLOYS_SUSPECT), Places.shipped(), DAY);
        Ranking told = rank(feared, ANYBODY, at(Set.of(), site(FEARED))).withoutCircumstances();
        assertThat(told.leftOut().getFirst().reasons()).extracting(Reason::code).containsExactly("out.conditions");
    }

    @Test
    void nothingOfItIsSaidInALog() {
        Avoidance feared =
                Avoidance.of(Set.of(FEARED), Map.of(ORGANISATION, WhyAvoided.EMPLOYS_SUSPECT), Places.shipped(), DAY);
        assertThat(Circumstances.NONE.avoiding(feared).toString())
                .doesNotContain(FEARED.value())
                .doesNotContain(ORGANISATION.toString());
    }
}
