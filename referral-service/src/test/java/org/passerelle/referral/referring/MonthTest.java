package org.passerelle.referral.referring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.referral.codes.Area;
import org.passerelle.referral.codes.LocationId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.directory.ListedLocation;
import org.passerelle.referral.directory.LocationKind;
import org.passerelle.referral.directory.OrganisationListing;
import org.passerelle.referral.directory.hsds.HsdsReader;
import org.passerelle.referral.directory.hsds.MalformedDirectory;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Coordinates;
import org.passerelle.referral.routing.Need;
import org.passerelle.referral.routing.PlainCandidate;
import org.passerelle.referral.routing.Ranking;
import org.passerelle.referral.routing.Site;
import org.passerelle.referral.routing.Verdict;
import org.passerelle.referral.texts.Texts;

/**
 * A month of needs over a real directory of 324 services, and a fortnight for their clocks to run out. Who provides is
 * real, what they can take and how they answer is invented, as are the needs: half of them where most services are, one of
 * twelve of a type that nobody gives. {@code -Dseed=…} and {@code -Dpasserelle.routing.needs=…} make another month.
 */
@Tag("routing")
class MonthTest {

    private static final int NEEDS = Integer.getInteger("passerelle.routing.needs", 2_000);
    private static final long SEED = Long.getLong("seed", 2_026_11L);
    private static final List<ServiceType> WANTED = List.of(
            ServiceType.SAFE_SHELTER,
            ServiceType.MEDICAL,
            ServiceType.MHPSS,
            ServiceType.LEGAL,
            ServiceType.FAMILY_TRACING,
            ServiceType.VOCATIONAL_LIVELIHOOD);
    private static final List<ServiceType> NOT_GIVEN = List.of(ServiceType.INTERPRETATION, ServiceType.DOCUMENTS);
    private static final List<String> STATES = List.of("NG-LA", "NG-DE", "NG-FC", "NG-OG", "NG-ED");
    private static final List<String> OTHER_STATES = List.of("NG-BE", "NG-BO", "NG-IM", "NG-KN", "NG-RI");

    private static List<OrganisationListing> nigeria() throws IOException, MalformedDirectory {
        Path file = Path.of(
                System.getProperty("passerelle.root", ".."), "..", "shared", "data", "providers-nigeria.hsds.json");
        Assumptions.assumeTrue(
                Files.isReadable(file),
                () -> "SKIPPED: the directory of Nigeria is not beside the repository (" + file.normalize() + ")");
        JsonNode document = new ObjectMapper().readTree(file.toFile());
        return HsdsReader.read(document).organisations();
    }

    @Test
    void aMonthOfNeedsIsRoutedOverARealDirectory() throws IOException, MalformedDirectory {
        List<OrganisationListing> nigeria = nigeria();
        List<Candidate> services = nigeria.stream()
                .flatMap(organisation -> candidates(organisation).stream())
                .toList();
        assertThat(services).hasSize(324);
        Quarter month = new Quarter(
                SEED,
                new Setting(services, 4, NEEDS, 0, MonthTest::need, false, Duration.ofDays(30), Duration.ofDays(44)));
        Map<String, Long> counts = month.run();
        assertThat(counts).containsEntry("needs", (long) NEEDS);
        System.out.printf(
                "routing: seed %d, %d needs over %d services, %d events, %d times checked that none is without an"
                        + " owner, a clock and a next step%n",
                SEED, NEEDS, services.size(), counts.get("events"), counts.get("checks"));
        Map<String, Fared> byState =
                print(month, "state", request -> request.place().value());
        Map<String, Fared> byType =
                print(month, "type", request -> request.service().name());
        for (Map<String, Fared> table : List.of(byState, byType)) {
            Fared all = table.values().stream().reduce(Fared.NONE, Fared::and);
            assertThat(all.needs()).isEqualTo(NEEDS);
            assertThat(all.firstTry() + all.rerouted() + all.gap() + all.open()).isEqualTo(NEEDS);
        }
        for (ServiceType type : NOT_GIVEN) {
            Fared fared = Objects.requireNonNull(byType.get(type.name()));
            assertThat(fared.gap())
                    .as("%s: planners hear of each that nobody gives", type)
                    .isPositive();
            assertThat(fared.firstTry() + fared.rerouted()).isZero();
        }
        for (ServiceType type : WANTED) {
            Fared fared = Objects.requireNonNull(byType.get(type.name()));
            assertThat(fared.firstTry()).as("%s placed at the first try", type).isPositive();
            assertThat(fared.rerouted()).as("%s placed after re-routing", type).isPositive();
        }
        explain(month.example(), nigeria);
    }

    private static Map<String, Fared> print(Quarter month, String kind, Function<Request, String> of) {
        Map<String, Fared> table = month.faredBy(of);
        System.out.printf(
                "  %-24s %6s %10s %10s %6s %18s%n", kind, "needs", "first try", "re-routed", "gap", "not placed yet");
        table.forEach((name, fared) -> print(name, fared));
        print("all", table.values().stream().reduce(Fared.NONE, Fared::and));
        return table;
    }

    private static void print(String name, Fared fared) {
        System.out.printf(
                "  %-24s %6d %10d %10d %6d %18d%n",
                name, fared.needs(), fared.firstTry(), fared.rerouted(), fared.gap(), fared.open());
    }

    private static void explain(ReferralEvent.NeedRouted routed, List<OrganisationListing> nigeria) {
        Texts french = Texts.in(Locale.FRENCH);
        Ranking ranking = Objects.requireNonNull(routed.ranking());
        Map<OrganisationId, String> names =
                nigeria.stream().collect(Collectors.toMap(OrganisationListing::id, OrganisationListing::name));
        System.out.printf(
                "  %s, %s : %d retenus, %d écartés%n",
                routed.about().service(),
                routed.about().place(),
                ranking.kept().size(),
                ranking.leftOut().size());
        List<String> sentences = new ArrayList<>();
        int rank = 1;
        for (Verdict verdict : ranking.kept()) {
            sentences.add(names.get(verdict.organisation()) + " : " + french.say("kept.rank", Integer.toString(rank++))
                    + " " + said(french, verdict));
        }
        ranking.leftOut()
                .forEach(verdict -> sentences.add(names.get(verdict.organisation()) + " : " + said(french, verdict)));
        assertThat(sentences).allSatisfy(sentence -> assertThat(sentence).endsWith("."));
        sentences.forEach(sentence -> System.out.println("    " + sentence));
    }

    private static String said(Texts french, Verdict verdict) {
        return verdict.reasons().stream()
                .map(reason -> french.say(reason.code(), reason.args()))
                .collect(Collectors.joining(" "));
    }

    private static Need need(Random random) {
        ServiceType type = random.nextInt(12) == 0
                ? NOT_GIVEN.get(random.nextInt(NOT_GIVEN.size()))
                : WANTED.get(random.nextInt(WANTED.size()));
        List<String> states = random.nextBoolean() ? STATES : OTHER_STATES;
        int age = 8 + random.nextInt(45);
        return new Need(
                type,
                new PlaceCode(states.get(random.nextInt(states.size()))),
                age,
                age < 18,
                random.nextInt(4) > 0 ? Sex.FEMININE : Sex.MASCULINE);
    }

    /** As the directory's tables give them. */
    private static List<Candidate> candidates(OrganisationListing organisation) {
        Map<LocationId, ListedLocation> locations =
                organisation.locations().stream().collect(Collectors.toMap(ListedLocation::id, Function.identity()));
        return organisation.services().stream()
                .map(service -> PlainCandidate.of(
                        service.id(),
                        organisation.id(),
                        organisation.type(),
                        Set.copyOf(service.types()),
                        service.status(),
                        false,
                        service.locations().stream()
                                .map(id -> site(Objects.requireNonNull(locations.get(id))))
                                .toList(),
                        service.limitedToAreas(),
                        service.areas().stream().map(Area::place).collect(Collectors.toSet()),
                        Set.copyOf(service.eligibleSexes()),
                        service.minimumAge(),
                        service.maximumAge(),
                        null,
                        null))
                .toList();
    }

    private static Site site(ListedLocation location) {
        Double latitude = location.latitude();
        Double longitude = location.longitude();
        return new Site(
                location.place(),
                location.confidential() || latitude == null || longitude == null
                        ? null
                        : new Coordinates(latitude, longitude),
                location.kind() == LocationKind.VIRTUAL);
    }
}
