package org.passerelle.reporting;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/** What an installation decides about its reports. */
@ConfigMapping(prefix = "passerelle.reporting")
public interface ReportingSettings {
    /** Where the readers are: a month begins and a clock is said in this zone. */
    @WithDefault("UTC")
    ZoneId timeZone();

    /** Names of places by ISO 3166-2 code, for the pages; a place without a name is shown by its code. */
    Map<String, String> placeNames();

    /** File with the invented users of the demonstration, shown on the start page; only in the profile local. */
    Optional<String> demonstrationUsers();
}
