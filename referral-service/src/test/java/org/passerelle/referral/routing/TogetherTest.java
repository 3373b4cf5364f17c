package org.passerelle.referral.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.OrganisationType;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceStatus;
import org.passerelle.referral.codes.ServiceType;

/** Whether there is room for all is found out by search: against trying every way, whatever the order. */
@Tag("routing")
class TogetherTest {

    private static final PlaceCode LAGOS = new PlaceCode("NG-LA");

    private static Candidate service(int number, @Nullable Integer free) {
        return PlainCandidate.of(
                new ServiceId(new UUID(1, number)),
                new OrganisationId(new UUID(0, 1)),
                OrganisationType.NGO,
                Set.of(ServiceType.SAFE_SHELTER),
                ServiceStatus.ACTIVE,
                false,
                List.of(new Site(LAGOS, null, false)),
                false,
                Set.of(),
                Set.of(),
                null,
                null,
                free,
                null);
    }

    private static boolean fits(Candidate own, List<List<Candidate>> others) {
        return new Together(Set.of(), List.of(), others).whyNot(own) == null;
    }

    @Test
    void theMotherLeavesThePlaceThatOnlyTheChildCanTake() {
        Candidate both = service(1, 1);
        Candidate adults = service(2, 1);
        Candidate men = service(3, 1);
        List<Candidate> mother = List.of(both, adults);
        List<Candidate> child = List.of(both);
        assertThat(fits(men, List.of(mother, child))).isTrue();
        assertThat(fits(men, List.of(child, mother))).isTrue();
        assertThat(fits(adults, List.of(mother, child))).as("one place for two").isFalse();
    }

    @Test
    void aFigureThatIsNotTrustedTurnsNobodyAway() {
        Candidate old = service(1, 0).asOf(false, 0, Candidate.UNDATED);
        assertThat(fits(service(2, 1), List.of(List.of(old), List.of(old)))).isTrue();
    }

    @Test
    void whereverThereIsAWayItIsFound_andNowhereElse() {
        long seed = Long.getLong("seed", 20_261_123L);
        Random random = new Random(seed);
        int found = 0;
        for (int round = 0; round < 2_000; round++) {
            List<Candidate> services = new ArrayList<>();
            for (int number = 0; number < 4; number++) {
                services.add(service(number, random.nextInt(9) == 0 ? null : (Integer) random.nextInt(3)));
            }
            List<List<Candidate>> others = new ArrayList<>();
            for (int need = random.nextInt(5); need >= 0; need--) {
                others.add(
                        services.stream().filter(one -> random.nextInt(2) == 0).toList());
            }
            Candidate own = services.get(random.nextInt(4));
            Map<ServiceId, Integer> units = new HashMap<>();
            services.forEach(one -> {
                Integer free = one.free();
                units.put(one.service(), (free == null ? 99 : free) - (one == own ? 1 : 0));
            });
            boolean expected = everyWay(others, 0, units);
            assertThat(fits(own, others)).as("seed " + seed + " round " + round).isEqualTo(expected);
            Collections.shuffle(others, random);
            assertThat(fits(own, others)).as("another order").isEqualTo(expected);
            found += expected ? 1 : 0;
        }
        assertThat(found).as("it was put to the test").isBetween(200, 1_800);
    }

    private static boolean everyWay(List<List<Candidate>> others, int at, Map<ServiceId, Integer> units) {
        if (at == others.size()) {
            return true;
        }
        for (Candidate one : others.get(at)) {
            int free = units.getOrDefault(one.service(), 0);
            if (free > 0) {
                units.put(one.service(), free - 1);
                boolean rest = everyWay(others, at + 1, units);
                units.put(one.service(), free);
                if (rest) {
                    return true;
                }
            }
        }
        return false;
    }
}
