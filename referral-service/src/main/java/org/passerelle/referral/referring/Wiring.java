package org.passerelle.referral.referring;

import io.smallrye.config.ConfigMapping;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.routing.RoutingPolicy;

/** Builds the pure parts from data and configuration. */
@ApplicationScoped
class Wiring {

    /** How long offers may wait for their answer. */
    @ConfigMapping(prefix = "passerelle.offers")
    interface Offers {
        Duration emergency();

        Duration urgent();

        Duration normal();

        Duration report();
    }

    @Produces
    @Singleton
    Places places() {
        return Places.shipped();
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    RoutingPolicy routing(Places places) {
        return new RoutingPolicy(places);
    }

    @Produces
    @Singleton
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals(RoutingPolicy routing, Offers offers) {
        OfferClocks clocks = new OfferClocks(offers.emergency(), offers.urgent(), offers.normal(), offers.report());
        return ReferralStream.kind(new ReferralDecider(routing, clocks));
    }
}
