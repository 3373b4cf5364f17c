package org.passerelle.referral.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;

@Tag("routing")
class RoutingPolicyTest {

    private static final LocalDate DAY = LocalDate.parse("2026-11-20");
    private static final RoutingPolicy POLICY = new RoutingPolicy(Places.shipped(), ShippedWeights.TABLE);
    private static final PlaceCode LAGOS = new PlaceCode("NG-LA");
    private static final PlaceCode EDO = new PlaceCode("NG-ED");
    private static final ConsentTerms ANY = new ConsentTerms(true, true, Set.of(), false, false, Set.of());
    private static final Need WOMAN = new Need(ServiceType.SAFE_SHELTER, LAGOS, 24, false, Sex.FEMININE);

    private static Candidate shelter(int number, PlaceCode place) {
        return shelter(number, place, OrganisationType.NGO, Set.of(), null, null, null, ServiceStatus.ACTIVE);
    }

    private static Candidate shelter(
            int number,
            PlaceCode place,
            @Nullable OrganisationType type,
            Set<Sex> sexes,
            @Nullable Integer minimum,
            @Nullable Integer maximum,
            @Nullable Integer free,
            ServiceStatus status) {
        return PlainCandidate.of(
                new ServiceId(new UUID(1, number)),
                new OrganisationId(new UUID(0, number)),
                type,
                Set.of(ServiceType.SAFE_SHELTER),
                status,
                false,
                List.of(new Site(place, null, false)),
                false,
                Set.of(),
                sexes,
                minimum,
                maximum,
                free,
                null);
    }

    private static Ranking rank(Need need, ConsentTerms consent, Candidate... candidates) {
        return POLICY.rank(
                need, new Shortlist(List.of(candidates), 0, 0, DAY), consent, PriorAnswers.NONE, Circumstances.NONE);
    }

    private static List<String> whyLeftOut(Ranking ranking) {
        return ranking.leftOut().stream()
                .flatMap(verdict -> verdict.reasons().stream())
                .map(Reason::code)
                .toList();
    }

    private static Candidate stale(int number, int free) {
        Candidate fresh =
                shelter(number, LAGOS, OrganisationType.NGO, Set.of(), null, null, free, ServiceStatus.ACTIVE);
        return PlainCandidate.of(
                fresh.service(),
                fresh.organisation(),
                fresh.organisationType(),
                fresh.types(),
                fresh.status(),
                fresh.suspended(),
                fresh.sites(),
                fresh.limitedToAreas(),
                Set.of(),
                fresh.eligibleSexes(),
                fresh.minimumAge(),
                fresh.maximumAge(),
                fresh.free(),
                LocalDate.parse("2026-10-02"));
    }

    @Test
    void aFigureOfLongAgoCountsAsOneAtMostAndSaysSo_alsoWhereItIsNone() {
        Candidate two = shelter(2, LAGOS, OrganisationType.NGO, Set.of(), null, null, 2, ServiceStatus.ACTIVE);
        Ranking ranking = rank(WOMAN, ANY, stale(1, 9), two, stale(3, 0));
        assertThat(ranking.kept())
                .extracting(Verdict::service)
                .containsExactly(
                        two.service(), stale(1, 9).service(), stale(3, 0).service());
        assertThat(ranking.kept().get(1).reasons()).contains(Reason.of("kept.free-long-ago", "9", "2026-10-02"));
        assertThat(ranking.kept().getLast().reasons()).contains(Reason.of("kept.full-long-ago", "2026-10-02"));
        assertThat(ranking.leftOut()).isEmpty();
        Ranking undated = rank(
                WOMAN,
                ANY,
                shelter(1, LAGOS).asOf(false, 9, Candidate.UNDATED),
                shelter(2, LAGOS).asOf(false, 0, Candidate.UNDATED));
        assertThat(undated.kept().getFirst().reasons()).contains(Reason.of("kept.free-undated", "9"));
        assertThat(undated.kept().getLast().reasons()).contains(Reason.of("kept.full-undated"));
    }

    @Test
    void whoIsAskedAboutByNameIsToldOf_howeverManyOthersDoNotReachThePlace() {
        List<Candidate> elsewhere = IntStream.rangeClosed(1, RoutingPolicy.LISTED_ELSEWHERE + 5)
                .mapToObj(number -> shelter(number, new PlaceCode("BI-BM")))
                .toList();
        ServiceId last = elsewhere.getLast().service();
        Shortlist all = new Shortlist(elsewhere, 7, 0, DAY);
        Ranking unasked = POLICY.rank(WOMAN, all, ANY, PriorAnswers.NONE, Circumstances.NONE);
        assertThat(unasked.leftOut()).extracting(Verdict::service).doesNotContain(last);
        assertThat(unasked.elsewhere()).isEqualTo(12);
        Ranking asked = POLICY.rank(WOMAN, all.asking(Set.of(last)), ANY, PriorAnswers.NONE, Circumstances.NONE);
        assertThat(asked.leftOut()).extracting(Verdict::service).contains(last).hasSize(101);
        assertThat(asked.elsewhere()).isEqualTo(11);
    }

    @Test
    void samePlaceComesFirst_thenTheNearest() {
        Candidate lagos = shelter(3, LAGOS);
        Candidate ogun = shelter(2, new PlaceCode("NG-OG"));
        Candidate edo = shelter(1, EDO);
        assertThat(rank(WOMAN, ANY, edo, ogun, lagos).kept())
                .extracting(Verdict::service)
                .containsExactly(lagos.service(), ogun.service(), edo.service());
    }

    @Test
    void moreRoomComesFirst_andTiesGoById() {
        Candidate room = shelter(9, LAGOS, OrganisationType.NGO, Set.of(), null, null, 5, ServiceStatus.ACTIVE);
        Candidate silent = shelter(2, LAGOS);
        Candidate one = shelter(1, LAGOS, OrganisationType.NGO, Set.of(), null, null, 1, ServiceStatus.ACTIVE);
        assertThat(rank(WOMAN, ANY, silent, one, room).kept())
                .extracting(Verdict::service)
                .containsExactly(room.service(), one.service(), silent.service());
    }

    @Test
    void whatAServiceCannotDoLeavesItOut() {
        assertThat(whyLeftOut(rank(
                        WOMAN,
                        ANY,
                        shelter(
                                1,
                                LAGOS,
                                OrganisationType.NGO,
                                Set.of(Sex.MASCULINE),
                                null,
                                null,
                                null,
                                ServiceStatus.ACTIVE),
                        shelter(2, LAGOS, OrganisationType.NGO, Set.of(), null, 17, null, ServiceStatus.ACTIVE),
                        shelter(3, LAGOS, OrganisationType.NGO, Set.of(), 60, null, null, ServiceStatus.ACTIVE),
                        shelter(4, LAGOS, OrganisationType.NGO, Set.of(), null, null, 0, ServiceStatus.ACTIVE),
                        shelter(
                                5,
                                LAGOS,
                                OrganisationType.NGO,
                                Set.of(),
                                null,
                                null,
                                null,
                                ServiceStatus.TEMPORARILY_CLOSED),
                        shelter(6, new PlaceCode("BI-BM")))))
                .containsExactly(
                        "out.sex",
                        "out.too-old",
                        "out.too-young",
                        "out.no-capacity",
                        "out.status.temporarily_closed",
                        "out.place");
    }

    @Test
    void aDoubtfulAgeIsAChilds_andAnUnknownSexIsAskedNotBarred() {
        Candidate adults = shelter(1, LAGOS, OrganisationType.NGO, Set.of(), 18, null, null, ServiceStatus.ACTIVE);
        Candidate women =
                shelter(2, LAGOS, OrganisationType.NGO, Set.of(Sex.FEMININE), null, null, null, ServiceStatus.ACTIVE);
        Candidate all = shelter(3, EDO);
        Need doubtful = new Need(ServiceType.SAFE_SHELTER, LAGOS, 19, true, Sex.NON_SPECIFIED_UNKNOWN);
        Ranking ranking = rank(doubtful, ANY, adults, women, all);
        assertThat(whyLeftOut(ranking)).containsExactly("out.too-young");
        assertThat(ranking.kept()).extracting(Verdict::service).containsExactly(all.service(), women.service());
        assertThat(ranking.kept().getLast().reasons()).extracting(Reason::code).contains("kept.ask-sex");
    }

    @Test
    void onlyRecipientsConsentedToAreKept_andWithholdingWins() {
        Candidate agreed = shelter(1, LAGOS);
        Candidate stranger = shelter(2, LAGOS);
        Candidate refused = shelter(3, LAGOS);
        ConsentTerms terms = new ConsentTerms(
                true,
                false,
                Set.of(agreed.organisation(), refused.organisation()),
                false,
                false,
                Set.of(refused.organisation()));
        Ranking ranking = rank(WOMAN, terms, agreed, stranger, refused);
        assertThat(ranking.kept()).extracting(Verdict::service).containsExactly(agreed.service());
        assertThat(whyLeftOut(ranking)).containsExactly("out.not-a-recipient", "out.withheld");
        assertThat(ranking.consentStands()).isTrue();
        assertThat(rank(WOMAN, ConsentTerms.NONE, agreed).consentStands()).isTrue();
    }

    @Test
    void authoritiesNeedTheirOwnScope_andSomeUntypedOrganisationMayBeOne() {
        Candidate police =
                shelter(1, LAGOS, OrganisationType.LAW_ENFORCEMENT, Set.of(), null, null, null, ServiceStatus.ACTIVE);
        Candidate untyped = shelter(2, LAGOS, null, Set.of(), null, null, null, ServiceStatus.ACTIVE);
        assertThat(whyLeftOut(rank(WOMAN, ANY, police, untyped))).containsExactly("out.authorities-not-agreed");
        ConsentTerms withheld = new ConsentTerms(true, true, Set.of(), true, true, Set.of());
        assertThat(whyLeftOut(rank(WOMAN, withheld, police, untyped)))
                .containsExactly("out.withheld-from-authorities", "out.perhaps-an-authority");
        ConsentTerms agreed = new ConsentTerms(true, true, Set.of(), true, false, Set.of());
        assertThat(rank(WOMAN, agreed, police, untyped).kept()).hasSize(2);
    }

    @Test
    void aSuspendedOrganisationIsAskedNothing() {
        Candidate asked = shelter(1, LAGOS);
        Candidate suspended = PlainCandidate.of(
                new ServiceId(new UUID(1, 2)),
                new OrganisationId(new UUID(0, 2)),
                OrganisationType.NGO,
                Set.of(ServiceType.SAFE_SHELTER),
                ServiceStatus.ACTIVE,
                true,
                List.of(new Site(LAGOS, null, false)),
                false,
                Set.of(),
                Set.of(),
                null,
                null,
                null,
                null);
        Ranking ranking = rank(WOMAN, ANY, suspended, asked);
        assertThat(ranking.kept()).extracting(Verdict::service).containsExactly(asked.service());
        assertThat(whyLeftOut(ranking)).containsExactly("out.suspended");
    }

    @Test
    void declaredAreasLimitAService_andACountryIsAnArea() {
        Candidate limited = PlainCandidate.of(
                new ServiceId(new UUID(1, 1)),
                new OrganisationId(new UUID(0, 1)),
                OrganisationType.NGO,
                Set.of(ServiceType.SAFE_SHELTER),
                ServiceStatus.ACTIVE,
                false,
                List.of(new Site(EDO, null, false)),
                true,
                Set.of(new PlaceCode("NG-DE")),
                Set.of(),
                null,
                null,
                null,
                null);
        assertThat(whyLeftOut(rank(WOMAN, ANY, limited))).containsExactly("out.place");
    }

    @Test
    void distancesAreGreatCircles() {
        Coordinates lagos = new Coordinates(6.4541, 3.3947);
        Coordinates abuja = new Coordinates(9.0579, 7.4951);
        assertThat(lagos.kilometresTo(abuja)).isBetween(530.0, 545.0);
        assertThat(lagos.kilometresTo(lagos)).isZero();
    }
}
