package org.passerelle.referral.directory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a service says that it can take.
 *
 * @param unit what is counted (HSDS unit): beds, places, families
 * @param available free when it was said; never negative
 * @param maximum null when not said
 * @param updated when it was said; null when not said
 */
public record Capacity(
        String unit,
        int available,
        @Nullable Integer maximum,
        @Nullable Instant updated) {}
