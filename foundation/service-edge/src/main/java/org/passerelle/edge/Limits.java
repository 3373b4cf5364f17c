package org.passerelle.edge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How many requests a minute one account may send to one replica; as many may come at once. */
@ConfigMapping(prefix = "passerelle.limits")
public interface Limits {

    @WithDefault("600")
    int requestsPerMinute();

    /** Systems, which work for many people. */
    @WithDefault("6000")
    int requestsPerMinuteBySystems();

    /** Looking for people by name: whoever tries names one after the other is slowed down. */
    @WithDefault("30")
    int personSearchesPerMinute();
}
