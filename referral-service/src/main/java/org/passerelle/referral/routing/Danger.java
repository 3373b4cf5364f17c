package org.passerelle.referral.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.WhyAvoided;

/**
 * One of the dangers that a case avoids, where a service is given: a place, or why the organisation is avoided. What is
 * said anew in other words is another danger.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Danger(@Nullable PlaceCode place, @Nullable WhyAvoided organisation) {

    public Danger {
        if ((place == null) == (organisation == null)) {
            throw new IllegalArgumentException("a place or an organisation");
        }
    }

    static Danger at(PlaceCode place) {
        return new Danger(place, null);
    }

    static Danger in(WhyAvoided why) {
        return new Danger(null, why);
    }

    /** Of the place or of the reason: each sorts before or after the other, always the same way. */
    public String code() {
        return place != null
                ? place.value()
                : Objects.requireNonNull(organisation).code();
    }

    /** Says nothing: it may be written to a log. */
    @Override
    public String toString() {
        return "Danger";
    }
}
