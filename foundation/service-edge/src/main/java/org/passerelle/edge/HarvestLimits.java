package org.passerelle.edge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How many different cases one account may look at within an hour, in each service. */
@ConfigMapping(prefix = "passerelle.access.harvest")
public interface HarvestLimits {

    /** One after the other. Nobody who works with people opens one every half minute. */
    @WithDefault("120")
    int opened();

    /** In lists. A page holds up to 200. */
    @WithDefault("5000")
    int listed();

    /** The same for systems, which work for many people. */
    @WithDefault("2000")
    int openedBySystems();

    @WithDefault("50000")
    int listedBySystems();
}
