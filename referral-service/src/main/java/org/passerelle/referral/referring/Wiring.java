package org.passerelle.referral.referring;

import io.smallrye.config.ConfigMapping;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.passerelle.edge.CountryPacks;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.routing.Place;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.routing.RoutingPolicy;
import org.passerelle.referral.routing.Weights;

/** Builds the pure parts from data and configuration. */
@ApplicationScoped
class Wiring {

    /** How long offers may wait for their answer, in countries without a pack of their own. */
    @ConfigMapping(prefix = "passerelle.offers")
    interface Offers {
        Duration emergency();

        Duration urgent();

        Duration normal();

        Duration report();

        Duration remindAtMostEvery();

        default OfferClocks clocks() {
            return new OfferClocks(emergency(), urgent(), normal(), report(), remindAtMostEvery());
        }
    }

    /** What the soft rules of routing count, each as {@code rule:weight}. */
    @ConfigMapping(prefix = "passerelle.routing.weights")
    interface CountryWeights {
        int version();

        List<String> emergency();

        List<String> urgent();

        List<String> normal();
    }

    @Produces
    @Singleton
    Places places(@ConfigProperty(name = "passerelle.countries") Optional<String> folder) {
        return places(CountryPacks.read(folder.map(Path::of).orElse(null)));
    }

    /** The shipped register with what country packs add to it. */
    static Places places(CountryPacks packs) {
        List<Place> added = new ArrayList<>();
        for (CountryPacks.Pack pack : packs.all().values()) {
            for (Place place : pack.section("places", Place[].class).orElse(new Place[0])) {
                if (!place.code().country().equals(pack.country())) {
                    throw new IllegalStateException("country pack " + pack.id() + ": places: " + place.code());
                }
                added.add(place);
            }
        }
        return Places.shipped().with(added);
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    RoutingPolicy routing(Places places, CountryWeights country) {
        Weights.Table weights = new Weights.Table(
                Weights.of(country.version(), country.emergency()),
                Weights.of(country.version(), country.urgent()),
                Weights.of(country.version(), country.normal()));
        return new RoutingPolicy(places, weights);
    }

    @Produces
    @Singleton
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals(RoutingPolicy routing, Offers offers) {
        return ReferralStream.kind(new ReferralDecider(routing, offers.clocks()));
    }
}
