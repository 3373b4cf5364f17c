package org.passerelle.referral.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;

@Tag("routing")
class PlacesTest {

    private static final Places PLACES = Places.shipped();
    private static final LocalDate DAY = LocalDate.parse("2026-11-20");
    private static final LocalDate BEFORE = LocalDate.parse("2025-06-30");
    private static final ConsentTerms ANY = new ConsentTerms(true, true, Set.of(), true, false, Set.of());

    private static PlaceCode place(String code) {
        return new PlaceCode(code);
    }

    private static boolean meet(Places places, String one, String other, LocalDate day) {
        boolean meets = places.reach(place(one), day).meets(place(other));
        assertThat(places.reach(place(other), day).meets(place(one)))
                .as("%s and %s, the other way round", one, other)
                .isEqualTo(meets);
        return meets;
    }

    private static Candidate service(int number, List<Site> sites, Area... areas) {
        return new Candidate(
                new ServiceId(new UUID(1, number)),
                new OrganisationId(new UUID(0, number)),
                OrganisationType.NGO,
                false,
                Set.of(ServiceType.SAFE_SHELTER),
                ServiceStatus.ACTIVE,
                false,
                sites,
                areas.length > 0,
                Set.of(areas),
                Set.of(),
                null,
                null,
                Set.of(),
                Conditions.NONE,
                null,
                null);
    }

    private static Site site(String place, @Nullable Coordinates at) {
        return new Site(place(place), at, false);
    }

    private static Ranking rank(String place, LocalDate day, Candidate... candidates) {
        return new RoutingPolicy(PLACES, ShippedWeights.TABLE)
                .rank(
                        new Need(ServiceType.SAFE_SHELTER, place(place), 24, false, Sex.FEMININE),
                        new Shortlist(List.of(candidates), 0, 0, day),
                        ANY,
                        PriorAnswers.NONE,
                        Circumstances.NONE);
    }

    private static List<String> said(Ranking ranking, Candidate of) {
        return ranking.kept().stream()
                .filter(verdict -> verdict.service().equals(of.service()))
                .flatMap(verdict -> verdict.reasons().stream())
                .map(Reason::code)
                .toList();
    }

    @Test
    void everyCountryWithAPackHasItsProvinces() {
        assertThat(List.of("NG-LA", "BI-GI", "EC-L", "PE-PIU", "BF-12", "GN-N"))
                .allSatisfy(code -> assertThat(PLACES.centroid(place(code))).isPresent());
        assertThat(PLACES.size()).isEqualTo(21 + 37 + 24 + 26 + 13 + 8);
        assertThat(PLACES.find(place("BI-BT")).orElseThrow().origin()).contains("no published code known");
    }

    @Test
    void aPlaceIsTheSameByItsPCode_andWhatIsBelowItLiesInIt() {
        assertThat(meet(PLACES, "EC11", "EC-L", DAY)).isTrue();
        assertThat(meet(PLACES, "EC1101", "EC-L", DAY)).isTrue();
        assertThat(meet(PLACES, "EC110150", "EC1101", DAY)).isTrue();
        assertThat(meet(PLACES, "EC1101", "EC-O", DAY)).isFalse();
        assertThat(meet(PLACES, "EC1101", "EC1102", DAY)).isFalse();
        assertThat(meet(PLACES, "EC1101", "EC", DAY)).isTrue();
        assertThat(meet(PLACES, "EC1101", "PE", DAY)).isFalse();
        assertThat(meet(PLACES, "PE1501", "PE-LMA", DAY)).isTrue();
        assertThat(meet(PLACES, "PE150101", "PE-LIM", DAY)).isTrue();
        assertThat(meet(PLACES, "KE001", "KE0012", DAY))
                .as("a digit more is another one of its level")
                .isFalse();
        assertThat(meet(PLACES, "KE001", "KE001002", DAY)).isTrue();
    }

    @Test
    void aReformIsCrossedFromItsDayOn_bothWays() {
        assertThat(meet(PLACES, "BI-CI", "BI-BM", DAY)).isTrue();
        assertThat(meet(PLACES, "BI-CI", "BI-BM", BEFORE)).isFalse();
        assertThat(meet(PLACES, "BI-CI", "BI-BB", DAY))
                .as("parts of one province")
                .isFalse();
        assertThat(meet(PLACES, "BI-MY", "BI-BH", DAY)).isTrue();
        assertThat(meet(PLACES, "BI-MY", "BI-BT", DAY)).isFalse();
        Candidate before = service(1, List.of(), Area.of("BI-CI"));
        Candidate after = service(2, List.of(), Area.of("BI-BM"));
        assertThat(rank("BI-BM", DAY, before, after).kept()).hasSize(2);
        assertThat(rank("BI-CI", DAY, before, after).kept()).hasSize(2);
        assertThat(said(rank("BI-BM", DAY, before, after), before)).contains("kept.serves-a-part");
        assertThat(said(rank("BI-CI", DAY, before, after), after)).doesNotContain("kept.serves-a-part");
        assertThat(rank("BI-CI", BEFORE, before, after).kept()).hasSize(1);
    }

    @Test
    void whatWasDividedHoldsItsParts_andANameThatChangedIsTheSamePlace() {
        LocalDate last = LocalDate.parse("2026-05-31");
        Places places = Places.NONE.with(List.of(
                place("KE-1", null, last, List.of("KE-11", "KE-12")),
                place("KE-11", last.plusDays(1), null, List.of()),
                place("KE-12", last.plusDays(1), null, List.of()),
                place("KE-2", null, last, List.of("KE-22")),
                place("KE-22", last.plusDays(1), null, List.of()),
                place("KE-3", null, last, List.of("KE-4")),
                place("KE-4", null, null, List.of())));
        assertThat(meet(places, "KE-1", "KE-12", DAY)).isTrue();
        assertThat(meet(places, "KE-11", "KE-12", DAY)).isFalse();
        assertThat(places.reach(place("KE-12"), DAY).isWithin(place("KE-1"))).isTrue();
        assertThat(places.reach(place("KE-1"), DAY).isWithin(place("KE-12"))).isFalse();
        assertThat(places.reach(place("KE-2"), DAY).isWithin(place("KE-22"))).isTrue();
        assertThat(places.reach(place("KE-22"), DAY).isWithin(place("KE-2"))).isTrue();
        assertThat(places.reach(place("KE-4"), DAY).isWithin(place("KE-3")))
                .as("which another one became part of")
                .isFalse();
    }

    private static Place place(String code, @Nullable LocalDate from, @Nullable LocalDate to, List<String> replacedBy) {
        return new Place(
                place(code),
                null,
                code,
                null,
                from,
                to,
                replacedBy.stream().map(PlaceCode::new).toList(),
                null,
                null);
    }

    @Test
    void aRegisterThatContradictsItselfIsRefused() {
        LocalDate last = LocalDate.parse("2026-05-31");
        assertThatThrownBy(() -> Places.NONE.with(List.of(place("KE-1", null, last, List.of("KE-2")))))
                .hasMessageContaining("KE-2");
        assertThatThrownBy(() -> place("KE-1", null, null, List.of("KE-2"))).hasMessageContaining("last day");
        assertThatThrownBy(() -> place("KE-1", last, last.minusDays(1), List.of()))
                .hasMessageContaining("before");
        Place twice = new Place(place("EC-ZZ"), place("EC11"), "", null, null, null, List.of(), null, null);
        assertThatThrownBy(() -> PLACES.with(List.of(twice))).hasMessageContaining("twice");
    }

    @Test
    void anAreaIsServedInItsTime() {
        Candidate one = service(1, List.of(), new Area(place("EC-L"), DAY, DAY.plusDays(1)));
        assertThat(rank("EC-L", DAY.minusDays(1), one).kept()).isEmpty();
        assertThat(rank("EC-L", DAY, one).kept()).hasSize(1);
        assertThat(rank("EC-L", DAY.plusDays(1), one).kept()).hasSize(1);
        assertThat(rank("EC-L", DAY.plusDays(2), one).leftOut().getFirst().reasons())
                .containsExactly(Reason.of("out.place", "Loja"));
    }

    @Test
    void aNeedInACantonReachesItsProvince_andOneInAProvinceIsShownWhatServesAPartOfIt() {
        Candidate province = service(1, List.of(), Area.of("EC-L"));
        Candidate canton = service(2, List.of(), Area.of("EC1101"));
        Candidate neighbour = service(3, List.of(), Area.of("EC1102"));
        assertThat(rank("EC1101", DAY, province, canton, neighbour).kept()).hasSize(2);
        Ranking wide = rank("EC-L", DAY, province, canton, neighbour);
        assertThat(wide.kept()).hasSize(3);
        assertThat(said(wide, province)).doesNotContain("kept.serves-a-part");
        assertThat(said(wide, canton)).contains("kept.serves-a-part");
        assertThat(rank("EC", DAY, province, canton, neighbour).kept())
                .as("a need of which only the country is known")
                .hasSize(3);
    }

    @Test
    void aPlaceThatNobodyKnowsWhereItIsIsLookedAtAsItsCountry() {
        Candidate boke = service(1, List.of(), Area.of("GN-B"));
        Candidate unknown = service(2, List.of(), Area.of("GN009"));
        Ranking ranking = rank("GN009", DAY, boke, unknown);
        assertThat(ranking.kept()).hasSize(2);
        assertThat(said(ranking, boke)).contains("kept.place-unknown");
        assertThat(rank("KE-01", DAY, service(1, List.of(), Area.of("KE-02"))).kept())
                .as("of a country that the register does not know")
                .isEmpty();
    }

    @Test
    void theNearestComesFirst_notTheFirstById() {
        Candidate galapagos = service(1, List.of(site("EC-W", new Coordinates(-0.90, -89.61))));
        Candidate elOro = service(2, List.of(site("EC-O", new Coordinates(-3.26, -79.96))));
        assertThat(rank("EC-L", DAY, galapagos, elOro).kept())
                .extracting(Verdict::service)
                .containsExactly(elOro.service(), galapagos.service());
        assertThat(said(rank("EC1101", DAY, galapagos, elOro), elOro)).contains("kept.other-place");
    }

    @Test
    void aPlaceWithoutCoordinatesIsWhereItsParentIs_orInTheMiddleOfWhatIsKnownThere() {
        assertThat(PLACES.centroid(place("EC1101"))).isEqualTo(PLACES.centroid(place("EC-L")));
        assertThat(PLACES.centroid(place("BI-BL"))).isEqualTo(PLACES.centroid(place("BI-BM")));
        assertThat(PLACES.centroid(place("EC"))).isEmpty();
        assertThat(PLACES.centroid(place("KE-01"))).isEmpty();
        Candidate south = service(1, List.of(site("KE-01", new Coordinates(0, 37))));
        Candidate north = service(2, List.of(site("KE-01", new Coordinates(2, 37))));
        Candidate twice = service(3, List.of(site("KE-01", new Coordinates(2, 37))));
        Candidate far = service(4, List.of(site("KE-02", new Coordinates(1, 39))));
        Ranking ranking = rank("KE-01", DAY, far, twice, north, south);
        assertThat(ranking.kept().stream().map(verdict -> verdict.reasons().getFirst()))
                .contains(
                        Reason.of("kept.same-place", "KE-01", "111"),
                        Reason.of("kept.other-place", "KE-02", "KE-01", "222"));
        assertThat(rank("KE-01", DAY, south, north, twice, far)).isEqualTo(ranking);
    }

    /** Written by hand: each code by its first name, and what lies above it after the reform. */
    private static final Map<String, String> ABOVE = Map.ofEntries(
            Map.entry("BI", "BI"),
            Map.entry("BI-BM", "BI-BM BI"),
            Map.entry("BI-BB", "BI-BB BI-BM BI"),
            Map.entry("BI-CI", "BI-CI BI-BM BI"),
            Map.entry("BI-GI", "BI-GI BI"),
            Map.entry("BI-KR", "BI-KR BI-GI BI"),
            Map.entry("BI001", "BI001 BI"),
            Map.entry("BI001002", "BI001002 BI001 BI"),
            Map.entry("EC", "EC"),
            Map.entry("EC-L", "EC-L EC"),
            Map.entry("EC11", "EC-L EC"),
            Map.entry("EC1101", "EC1101 EC-L EC"),
            Map.entry("EC110150", "EC110150 EC1101 EC-L EC"),
            Map.entry("EC-O", "EC-O EC"),
            Map.entry("EC0701", "EC0701 EC-O EC"),
            Map.entry("EC-ZZ", "EC-ZZ EC"),
            Map.entry("KE", "KE"),
            Map.entry("KE-01", "KE-01 KE"),
            Map.entry("KE001", "KE001 KE"),
            Map.entry("KE001002", "KE001002 KE001 KE"));

    private static final Set<String> NOWHERE_IN_ITS_COUNTRY = Set.of("BI001", "BI001002", "EC-ZZ");

    private static boolean meetsByHand(String need, String other, LocalDate day) {
        List<String> own = aboveByHand(need, day);
        List<String> its = aboveByHand(other, day);
        return own.contains(its.getFirst())
                || its.contains(own.getFirst())
                || (NOWHERE_IN_ITS_COUNTRY.contains(need) && own.getLast().equals(its.getLast()));
    }

    private static List<String> aboveByHand(String code, LocalDate day) {
        List<String> above = List.of(Objects.requireNonNull(ABOVE.get(code)).split(" "));
        return day.isAfter(BEFORE) || above.size() < 3 || !code.startsWith("BI-")
                ? above
                : List.of(above.getFirst(), above.getLast());
    }

    private static boolean reachesByHand(Candidate candidate, String need, LocalDate day) {
        boolean area = candidate.areas().stream()
                .filter(one -> one.validFrom() == null || !one.validFrom().isAfter(day))
                .filter(one -> one.validTo() == null || !one.validTo().isBefore(day))
                .anyMatch(one -> meetsByHand(need, one.place().value(), day));
        return area
                || candidate.sites().stream()
                        .map(site -> Objects.requireNonNull(site.place()).value())
                        .anyMatch(at -> meetsByHand(need, at, day)
                                || (!candidate.limitedToAreas()
                                        && need.substring(0, 2).equals(at.substring(0, 2))));
    }

    /** Whatever the directory and the day, the index and the rule find what somebody would find by hand. */
    @Test
    void whateverTheDayTheIndexFindsExactlyWhatReaches() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("routing: seed " + seed);
        Random random = new Random(seed);
        List<String> codes = ABOVE.keySet().stream().sorted().toList();
        for (int round = 0; round < 200; round++) {
            RoutingIndex index = new RoutingIndex(PLACES);
            List<Candidate> all = new ArrayList<>();
            for (int number = 0; number < 40; number++) {
                Candidate candidate = drawn(random, number, codes);
                all.add(candidate);
                index.put(candidate.organisation(), List.of(candidate));
            }
            Collections.shuffle(all, random);
            Candidate gone = all.removeFirst();
            index.put(gone.organisation(), List.of());
            for (String code : codes) {
                LocalDate day = random.nextInt(4) == 0 ? BEFORE : DAY.plusDays(random.nextInt(5) - 2);
                Reach reach = PLACES.reach(place(code), day);
                for (Candidate candidate : all) {
                    assertThat(reach.reaches(candidate))
                            .as("%s on %s by %s", code, day, candidate)
                            .isEqualTo(reachesByHand(candidate, code, day));
                }
                Shortlist found = index.shortlist(ServiceType.SAFE_SHELTER, place(code), day, List.of());
                assertThat(found.candidates()).as(code + " on " + day).containsExactlyInAnyOrderElementsOf(all);
                assertThat(found.elsewhere()).isZero();
            }
        }
    }

    private static Candidate drawn(Random random, int number, List<String> codes) {
        List<Site> sites = new ArrayList<>();
        for (int site = random.nextInt(3); site > 0; site--) {
            sites.add(site(codes.get(random.nextInt(codes.size())), null));
        }
        Set<Area> areas = new HashSet<>();
        for (int area = random.nextInt(3); area > 0; area--) {
            LocalDate from = DAY.minusDays(random.nextInt(3));
            areas.add(new Area(
                    place(codes.get(random.nextInt(codes.size()))),
                    random.nextBoolean() ? from : null,
                    random.nextBoolean() ? from.plusDays(area) : null));
        }
        return service(number, sites, areas.toArray(new Area[0]));
    }
}
