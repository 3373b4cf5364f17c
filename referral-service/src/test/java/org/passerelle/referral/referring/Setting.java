package org.passerelle.referral.referring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Sex;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Need;

/**
 * A mechanism, and what comes to it.
 *
 * @param services that are there from the first day to the last
 * @param mostUnits of a service; the fewest is one
 * @param packagesOneIn of so many needs, or packages, one is a package; 0 for none
 * @param turns whether things turn out otherwise than planned, see {@link QuarterTurns}
 * @param stating how long needs are stated; {@code length} of it all
 */
record Setting(
        List<Candidate> services,
        int mostUnits,
        int needs,
        int packagesOneIn,
        Function<Random, Need> need,
        boolean turns,
        Duration stating,
        Duration length) {

    private static final List<PlaceCode> PLACES =
            List.of(new PlaceCode("NG-LA"), new PlaceCode("NG-ED"), new PlaceCode("NG-OG"));
    private static final List<ServiceType> TYPES =
            List.of(ServiceType.SAFE_SHELTER, ServiceType.MEDICAL, ServiceType.LEGAL);

    /** An invented one. */
    static Setting quarter(Random random, int needs) {
        List<Candidate> services = new ArrayList<>();
        for (int number = 1; number <= 24; number++) {
            services.add(World.candidate(
                    number, TYPES.get(number % TYPES.size()), PLACES.get(random.nextInt(PLACES.size()))));
        }
        return new Setting(
                services,
                3,
                needs,
                6,
                one -> new Need(
                        TYPES.get(one.nextInt(TYPES.size())),
                        PLACES.get(one.nextInt(PLACES.size())),
                        19,
                        false,
                        Sex.FEMININE),
                true,
                Duration.ofDays(80),
                Duration.ofDays(92));
    }
}
