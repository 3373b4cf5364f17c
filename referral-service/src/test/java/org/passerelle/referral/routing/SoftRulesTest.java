package org.passerelle.referral.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
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
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.texts.Texts;

@Tag("routing")
class SoftRulesTest {

    private static final LocalDate DAY = LocalDate.parse("2026-11-20");
    private static final RoutingPolicy POLICY = new RoutingPolicy(Places.shipped(), ShippedWeights.TABLE);
    private static final PlaceCode LAGOS = new PlaceCode("NG-LA");
    private static final ConsentTerms ANY = new ConsentTerms(true, true, Set.of(), false, false, Set.of());
    private static final Candidate FIRST = clinic(1, Set.of());
    private static final Candidate SECOND = clinic(2, Set.of());

    private static Candidate clinic(int number, Set<String> languages) {
        return new Candidate(
                new ServiceId(new UUID(1, number)),
                new OrganisationId(new UUID(0, number)),
                OrganisationType.NGO,
                false,
                Set.of(ServiceType.MEDICAL),
                ServiceStatus.ACTIVE,
                false,
                List.of(new Site(number % 3 == 0 ? new PlaceCode("NG-OG") : LAGOS, null, false)),
                false,
                Set.of(),
                Set.of(),
                null,
                null,
                languages,
                Conditions.NONE,
                null,
                null);
    }

    private static Need need(Urgency urgency, String... languages) {
        return new Need(ServiceType.MEDICAL, LAGOS, 24, false, Sex.FEMININE, urgency, List.of(languages), Set.of());
    }

    private static Ranking rank(Need need, Circumstances circumstances, Candidate... candidates) {
        return POLICY.rank(need, new Shortlist(List.of(candidates), 0, 0, DAY), ANY, PriorAnswers.NONE, circumstances);
    }

    private static Circumstances recordOfTheFirst(int offers, int inTime, int accepted, int left) {
        return new Circumstances(
                Map.of(RoutingIndex.Key.of(FIRST), new TrackRecord(offers, inTime, accepted, left)),
                Map.of(),
                Set.of(),
                Set.of());
    }

    private static List<String> said(Ranking ranking, Candidate of) {
        return ranking.kept().stream()
                .filter(verdict -> verdict.service().equals(of.service()))
                .flatMap(verdict -> verdict.reasons().stream())
                .map(Reason::code)
                .toList();
    }

    private static void isFirst(Candidate expected, Ranking ranking) {
        assertThat(ranking.kept().getFirst().service()).isEqualTo(expected.service());
    }

    @Test
    void whoAnswersAndAcceptsComesBeforeWhoWasNeverAsked_andThatBeforeWhoDoesNotAnswer() {
        Ranking silent = rank(need(Urgency.URGENT), recordOfTheFirst(8, 0, 0, 0), FIRST, SECOND);
        isFirst(SECOND, silent);
        assertThat(silent.kept().getLast().reasons()).contains(Reason.of("kept.answers", "8", "0", "0"));
        assertThat(said(silent, SECOND)).contains("kept.not-asked-lately");
        assertThat(new TrackRecord(8, 8, 8, 7_000).rating()).isGreaterThan(TrackRecord.NONE.rating());
        assertThat(new TrackRecord(8, 8, 8, 7_000).rating()).isGreaterThan(new TrackRecord(8, 8, 8, 100).rating());
        assertThat(new TrackRecord(8, 8, 8, 7_000).rating()).isGreaterThan(new TrackRecord(8, 8, 1, 7_000).rating());
        assertThat(new TrackRecord(8, 8, 8, 8_000).rating()).isLessThanOrEqualTo(Weights.FULL);
    }

    @Test
    void aLanguageOfThePersonIsSpoken_theBestSpokenCountsMost_andNoReasonSaysWhich() {
        Candidate best = clinic(4, Set.of("run", "eng"));
        Candidate other = clinic(2, Set.of("fra"));
        Candidate none = clinic(1, Set.of("eng"));
        Ranking ranking = rank(need(Urgency.NORMAL, "run", "fra"), Circumstances.NONE, none, other, best);
        assertThat(ranking.kept())
                .extracting(Verdict::service)
                .containsExactly(best.service(), other.service(), none.service());
        assertThat(said(ranking, best)).contains("kept.speaks");
        assertThat(said(ranking, none)).contains("kept.other-languages");
        assertThat(ranking.kept())
                .allSatisfy(verdict -> assertThat(verdict.reasons().stream().flatMap(reason -> reason.args().stream()))
                        .doesNotContain("run", "fra"));
        assertThat(said(rank(need(Urgency.NORMAL), Circumstances.NONE, none), none))
                .doesNotContain("kept.other-languages");
        assertThat(Languages.normal("FR")).isEqualTo("fra");
        assertThat(Languages.normal("run")).isEqualTo("run");
    }

    @Test
    void whoHelpsAlreadyComesFirst_andWhoHasMuchOpenLater() {
        isFirst(
                SECOND,
                rank(
                        need(Urgency.NORMAL),
                        new Circumstances(Map.of(), Map.of(), Set.of(SECOND.organisation()), Set.of()),
                        FIRST,
                        SECOND));
        Ranking busy = rank(
                need(Urgency.NORMAL),
                new Circumstances(Map.of(), Map.of(FIRST.organisation(), 12), Set.of(), Set.of()),
                FIRST,
                SECOND);
        isFirst(SECOND, busy);
        assertThat(busy.kept().getLast().reasons()).contains(Reason.of("kept.open-referrals", "12"));
    }

    @Test
    void inAnEmergencyNearnessOutweighsWhoHelpsAlready() {
        Candidate near = clinic(1, Set.of());
        Candidate far = clinic(3, Set.of());
        Circumstances helping =
                new Circumstances(Map.of(), Map.of(near.organisation(), 60), Set.of(far.organisation()), Set.of());
        isFirst(near, rank(need(Urgency.EMERGENCY), helping, near, far));
        isFirst(far, rank(need(Urgency.NORMAL), helping, near, far));
    }

    @Test
    void aDecisionKeepsItsWeights_andIsExplainedByThemWhateverTheyAreNow() throws Exception {
        Ranking ranking = rank(need(Urgency.URGENT, "run"), recordOfTheFirst(5, 4, 3, 2_000), FIRST, SECOND);
        ObjectMapper json = new ObjectMapper();
        Ranking stored = json.readValue(json.writeValueAsBytes(ranking), Ranking.class);
        assertThat(stored).isEqualTo(ranking);
        Weights weights = Objects.requireNonNull(stored.weights());
        assertThat(weights).isEqualTo(ShippedWeights.TABLE.urgent());
        List<Integer> points = stored.kept().stream()
                .map(verdict -> weights.points(Objects.requireNonNull(verdict.got())))
                .toList();
        assertThat(points).isSortedAccordingTo(Collections.reverseOrder()).doesNotHaveDuplicates();
    }

    @Test
    void otherWeightsRankOtherwise_andWhatIsNoTableIsRefused() {
        Weights onlyLoad = Weights.of(
                7,
                List.of(
                        "load:1000",
                        "distance:0",
                        "eligibility:0",
                        "capacity:0",
                        "response:0",
                        "language:0",
                        "continuity:0"));
        RoutingPolicy idleFirst = new RoutingPolicy(Places.shipped(), new Weights.Table(onlyLoad, onlyLoad, onlyLoad));
        Candidate far = clinic(3, Set.of());
        Ranking ranking = idleFirst.rank(
                need(Urgency.URGENT),
                new Shortlist(List.of(FIRST, far), 0, 0, DAY),
                ANY,
                PriorAnswers.NONE,
                new Circumstances(Map.of(), Map.of(FIRST.organisation(), 1), Set.of(), Set.of()));
        isFirst(far, ranking);
        assertThat(Objects.requireNonNull(ranking.weights()).version()).isEqualTo(7);
        assertThatThrownBy(() -> Weights.of(1, List.of("load:10"))).hasMessageContaining("every rule");
        assertThatThrownBy(() -> new Weights(1, List.of(new Weights.Rule(SoftRule.LOAD, 1_001))))
                .hasMessageContaining("load");
    }

    @Test
    void theSameIsRankedTheSameInWhateverOrder_andEverySentenceIsThereInThreeLanguages() {
        Random random = new Random(20_261_123);
        for (int turn = 0; turn < 200; turn++) {
            List<Candidate> candidates = new ArrayList<>();
            Map<RoutingIndex.Key, TrackRecord> records = new HashMap<>();
            Map<OrganisationId, Integer> open = new HashMap<>();
            for (int number = 1; number <= 12; number++) {
                Candidate one = clinic(number, random.nextBoolean() ? Set.of() : Set.of("run"));
                candidates.add(one);
                int offers = random.nextInt(4);
                records.put(RoutingIndex.Key.of(one), new TrackRecord(offers, offers, offers, 500 * offers));
                open.put(one.organisation(), random.nextInt(3));
            }
            Circumstances known =
                    new Circumstances(records, open, Set.of(new OrganisationId(new UUID(0, 5))), Set.of());
            Need need = need(Urgency.values()[turn % 3], "run");
            Ranking ranking = rank(need, known, candidates.toArray(Candidate[]::new));
            Collections.shuffle(candidates, random);
            assertThat(rank(need, known, candidates.toArray(Candidate[]::new))).isEqualTo(ranking);
            for (Locale locale : List.of(Locale.FRENCH, Locale.of("es"), Locale.ENGLISH)) {
                Texts texts = Texts.in(locale);
                ranking.kept().stream()
                        .flatMap(verdict -> verdict.reasons().stream())
                        .forEach(reason -> assertThat(texts.say(reason.code(), reason.args()))
                                .doesNotContain("{")
                                .endsWith("."));
            }
        }
    }
}
