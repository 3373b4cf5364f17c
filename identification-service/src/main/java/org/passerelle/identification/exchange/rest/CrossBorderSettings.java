package org.passerelle.identification.exchange.rest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** With which countries this mechanism exchanges, and by whose keys. Without {@code country} it exchanges with none. */
@ConfigMapping(prefix = "passerelle.cross-border")
interface CrossBorderSettings {

    /** Ours, ISO 3166-1. */
    Optional<String> country();

    /** A JWK set with our private keys. */
    Optional<Path> keys();

    /** The organisation that answers arrivals and keeps the cases that are opened for them. */
    Optional<UUID> desk();

    /** How long a hand-over is meant; after that nobody takes it. */
    @WithDefault("P7D")
    Duration validFor();

    /** Between the first attempt to send and the second; each pause doubles the one before, up to ten minutes. */
    @WithDefault("PT15S")
    Duration patience();

    /** By country. */
    Map<String, Partner> partners();

    /** Another country's mechanism. */
    interface Partner {

        /** A JWK set with its public keys, as it gave them to us by a way that we trust. */
        Path keys();

        /** Where its installation takes messages; without it files are carried. */
        Optional<URI> url();
    }
}
