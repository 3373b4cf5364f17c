package org.passerelle.referral.codes;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** An organisation's subscription to the events that concern it. */
public record SubscriptionId(@JsonValue UUID value) implements Comparable<SubscriptionId> {

    @JsonCreator
    public static SubscriptionId of(String text) {
        return new SubscriptionId(UUID.fromString(text));
    }

    /** Text order of the canonical form: the same in Java, SQL and on paper (UUID's own order is signed). */
    @Override
    public int compareTo(SubscriptionId other) {
        return value.toString().compareTo(other.value.toString());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
