package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done next.
 *
 * @param of whose step it is
 * @param by when; else somebody is told
 * @param told who was told last that it was not done in time: reminder (whose step it is), supervisor, coordinator
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepView(
        String step, UUID of, OffsetDateTime by, @Nullable String told) {}
