package org.passerelle.assistance.followingup;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.passerelle.assistance.plan.FollowUpId;
import org.passerelle.assistance.plan.FollowUpKind;
import org.passerelle.assistance.plan.NewFollowUp;

/** The follow-up that a country's rule asks for by itself. */
@ApplicationScoped
public class FollowUpRule {

    private final Optional<Period> every;
    private final FollowUpKind kind;

    @Inject
    public FollowUpRule(CountryFollowUps country) {
        this(country.every(), country.basis(), country.kind());
    }

    FollowUpRule(Optional<Period> every, Optional<String> basis, FollowUpKind kind) {
        if (every.isPresent() && basis.filter(text -> !text.isBlank()).isEmpty()) {
            throw new IllegalStateException(
                    "passerelle.country.follow-up.every needs passerelle.country.follow-up.basis:"
                            + " a clock runs only where a dated text asks for it");
        }
        if (every.filter(period -> period.isZero() || period.isNegative()).isPresent()) {
            throw new IllegalStateException("passerelle.country.follow-up.every must lie in the future");
        }
        this.every = every;
        this.kind = kind;
    }

    /** The next one, counted from this moment; null where the country has no such rule. */
    public @Nullable NewFollowUp after(Instant moment) {
        return every.map(period -> new NewFollowUp(
                        new FollowUpId(UUID.randomUUID()),
                        moment.atZone(ZoneOffset.UTC).plus(period).toInstant(),
                        kind))
                .orElse(null);
    }
}
