package org.passerelle.referral.referring;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.CountryPacks;
import org.passerelle.edge.CountryPacks.Pack;
import org.passerelle.referral.codes.PlaceCode;

/** Under which clocks referrals live, by the pack of the country. A pack that cannot be read stops the start. */
@ApplicationScoped
@Startup
public class Countries {

    /** Says in events that the operator's configuration set the clocks, not a pack. */
    private static final String CONFIGURED = "configuration";

    private final Map<String, CountryClocks> byCountry;
    private final CountryClocks others;

    /** @param source where the clocks are from; read by people only */
    record Section(
            @Nullable String source,
            Duration emergency,
            Duration urgent,
            Duration normal,
            Duration report,
            Duration remindAtMostEvery) {}

    @Inject
    Countries(Wiring.Offers defaults, @ConfigProperty(name = "passerelle.countries") Optional<String> folder) {
        this(CountryPacks.read(folder.map(Path::of).orElse(null)), defaults.clocks());
    }

    Countries(CountryPacks packs, OfferClocks defaults) {
        Map<String, CountryClocks> clocks = new HashMap<>();
        packs.all().forEach((country, pack) -> clocks.put(country, clocks(pack, defaults)));
        byCountry = Map.copyOf(clocks);
        others = new CountryClocks(CONFIGURED, defaults);
    }

    private static CountryClocks clocks(Pack pack, OfferClocks defaults) {
        return new CountryClocks(
                pack.id(),
                pack.section("offers", Section.class)
                        .map(said -> {
                            try {
                                return new OfferClocks(
                                        said.emergency(),
                                        said.urgent(),
                                        said.normal(),
                                        said.report(),
                                        said.remindAtMostEvery());
                            } catch (IllegalArgumentException | NullPointerException e) {
                                throw new IllegalStateException("country pack " + pack.id() + ": offers", e);
                            }
                        })
                        .orElse(defaults));
    }

    /** Of the country where the need is. */
    public CountryClocks of(PlaceCode place) {
        return byCountry.getOrDefault(place.value().substring(0, 2), others);
    }
}
