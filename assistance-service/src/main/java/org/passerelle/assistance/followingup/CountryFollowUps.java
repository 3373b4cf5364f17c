package org.passerelle.assistance.followingup;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Period;
import java.util.Optional;
import org.passerelle.assistance.plan.FollowUpKind;

/**
 * What the country's rules say of follow-ups. Many manuals ask for one a month; none of them binds every country, so
 * nothing is scheduled by itself until the country names its rule and the text that it rests on.
 */
@ConfigMapping(prefix = "passerelle.country.follow-up")
public interface CountryFollowUps {

    /** ISO 8601 period from an agreed service, or from a follow-up that was made, to the next: {@code P1M}. */
    Optional<Period> every();

    /** The dated text that asks for it. */
    Optional<String> basis();

    @WithDefault("visit")
    FollowUpKind kind();
}
