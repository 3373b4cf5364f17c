package org.passerelle.identification.exchange.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.exchange.Exchange;
import org.passerelle.identification.exchange.Partners;
import org.passerelle.identification.exchange.Partners.Partner;

/** This installation as one of those that exchange, as far as its operator has set that up. */
@ApplicationScoped
public class CrossBorder {

    private final Duration validFor;
    private final Duration patience;
    private final @Nullable OrganisationId desk;
    private final @Nullable Partners partners;
    private final @Nullable Exchange exchange;

    @Inject
    CrossBorder(CrossBorderSettings settings) {
        validFor = settings.validFor();
        patience = settings.patience();
        desk = settings.desk().map(OrganisationId::new).orElse(null);
        partners = settings.country().map(here -> partners(here, settings)).orElse(null);
        exchange = partners == null ? null : new Exchange(partners, validFor);
    }

    private static Partners partners(String here, CrossBorderSettings settings) {
        Map<Country, Partner> others = new HashMap<>();
        settings.partners().forEach((name, partner) -> {
            // Names of environment variables come in small letters.
            Country country = Country.of(name.toUpperCase(Locale.ROOT));
            others.put(
                    country,
                    Partners.partner(country, partner.keys(), partner.url().orElse(null)));
        });
        return Partners.of(
                Country.of(here),
                settings.keys()
                        .orElseThrow(() -> new IllegalArgumentException("passerelle.cross-border.keys is missing")),
                others);
    }

    /** Whether anything is exchanged at all. */
    boolean on() {
        return exchange != null;
    }

    /** @throws Refusal as for what does not exist, where this installation exchanges with nobody */
    public Exchange exchange() {
        return Optional.ofNullable(exchange).orElseThrow(Access::unknown);
    }

    /** @throws Refusal where there is no exchange with that country */
    public Partner partner(Country country) {
        return Optional.ofNullable(partners)
                .map(all -> all.others().get(country))
                .orElseThrow(
                        () -> Refusal.of("hand-over-no-partner").field("to").conflict());
    }

    /** @throws Refusal as for what does not exist, where nobody answers arrivals */
    public OrganisationId desk() {
        return Optional.ofNullable(desk).orElseThrow(Access::unknown);
    }

    Duration patience() {
        return patience;
    }

    public Duration validFor() {
        return validFor;
    }
}
