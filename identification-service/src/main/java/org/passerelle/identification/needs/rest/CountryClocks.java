package org.passerelle.identification.needs.rest;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;
import org.passerelle.identification.needs.NeedClocks;

/** How long the country gives the mechanism to answer a need. */
@ConfigMapping(prefix = "passerelle.need-clock")
interface CountryClocks {

    Duration emergency();

    Duration urgent();

    Duration normal();

    default NeedClocks clocks() {
        return new NeedClocks(emergency(), urgent(), normal());
    }
}
