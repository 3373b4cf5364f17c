package org.passerelle.identification.needs.rest;

import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.CountryPacks;
import org.passerelle.edge.CountryPacks.Pack;
import org.passerelle.identification.arriving.DeskClocks;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.needs.CountryRules;
import org.passerelle.identification.needs.DutyToReport;
import org.passerelle.identification.needs.NeedClocks;

/** What each country decides of needs, by its pack. A pack that cannot be read stops the start. */
@Singleton
@Startup
public class Countries {

    /** Says in events that the operator's configuration set the clock, not a pack. */
    private static final String CONFIGURED = "configuration";

    private final Map<String, CountryRules> byCountry;
    private final CountryRules others;
    private final Map<String, DeskClocks> desks;

    /** @param source where the clocks are from; read by people only */
    record Clocks(@Nullable String source, Duration emergency, Duration urgent, Duration normal) {}

    /** As referral-service reads it: how long whoever is asked may take to answer. */
    record Offers(
            @Nullable String source,
            Duration emergency,
            Duration urgent,
            Duration normal,
            @Nullable Duration report,
            @Nullable Duration remindAtMostEvery) {}

    @Inject
    Countries(DefaultClocks defaults, @ConfigProperty(name = "passerelle.countries") Optional<String> folder) {
        this(CountryPacks.read(folder.map(Path::of).orElse(null)), defaults.clocks());
    }

    Countries(CountryPacks packs, NeedClocks defaults) {
        Map<String, CountryRules> rules = new HashMap<>();
        packs.all().forEach((country, pack) -> rules.put(country, rules(pack, defaults)));
        byCountry = Map.copyOf(rules);
        Map<String, DeskClocks> answers = new HashMap<>();
        packs.all().forEach((country, pack) -> answers.put(country, desk(pack)));
        desks = Map.copyOf(answers);
        others = new CountryRules(CONFIGURED, defaults, DutyToReport.NONE);
    }

    private static CountryRules rules(Pack pack, NeedClocks defaults) {
        NeedClocks clocks = pack.section("needClocks", Clocks.class)
                .map(said -> {
                    try {
                        return new NeedClocks(said.emergency(), said.urgent(), said.normal());
                    } catch (IllegalArgumentException | NullPointerException e) {
                        throw new IllegalStateException("country pack " + pack.id() + ": needClocks", e);
                    }
                })
                .orElse(defaults);
        return new CountryRules(
                pack.id(),
                clocks,
                pack.section("dutyToReport", DutyToReport.class).orElse(DutyToReport.NONE));
    }

    private static DeskClocks desk(Pack pack) {
        return pack.section("offers", Offers.class)
                .map(said -> {
                    try {
                        return new DeskClocks(said.emergency(), said.urgent(), said.normal());
                    } catch (IllegalArgumentException | NullPointerException e) {
                        throw new IllegalStateException("country pack " + pack.id() + ": offers", e);
                    }
                })
                .orElse(DeskClocks.DEFAULT);
    }

    /** Of the desk of this country, to which others hand over. */
    public DeskClocks desk(Country country) {
        return desks.getOrDefault(country.code(), DeskClocks.DEFAULT);
    }

    /** Of the country where the need is. */
    public CountryRules of(Place place) {
        return byCountry.getOrDefault(place.code().substring(0, 2), others);
    }
}
