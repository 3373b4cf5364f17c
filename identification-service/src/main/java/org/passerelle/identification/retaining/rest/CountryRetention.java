package org.passerelle.identification.retaining.rest;

import io.smallrye.config.ConfigMapping;
import java.time.Period;
import java.util.Optional;
import org.passerelle.identification.retaining.RetentionPolicy;

/** What the country says of keeping. Nothing, unless it names a text. */
@ConfigMapping(prefix = "passerelle.retention")
interface CountryRetention {

    Optional<Period> afterClosing();

    /** The dated text of law that says so. */
    Optional<String> legalBasis();

    default Optional<RetentionPolicy> policy() {
        if (afterClosing().isPresent() != legalBasis().isPresent()) {
            throw new IllegalStateException(
                    "passerelle.retention needs both after-closing and legal-basis: a time of keeping rests on a text");
        }
        return afterClosing()
                .map(period -> new RetentionPolicy(period, legalBasis().orElseThrow()));
    }
}
