package org.passerelle.identification.needs.rest;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;
import org.passerelle.identification.needs.NeedClocks;

/** How long the mechanism has to answer a need in a country without a pack of its own. */
@ConfigMapping(prefix = "passerelle.need-clock")
interface DefaultClocks {

    Duration emergency();

    Duration urgent();

    Duration normal();

    default NeedClocks clocks() {
        return new NeedClocks(emergency(), urgent(), normal());
    }
}
