package org.passerelle.referral.subscriptions;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.SubscriptionId;

/** A subscription: opened once, for one organisation. */
public final class SubscriptionStream {

    public static final String CATEGORY = "subscription";

    private SubscriptionStream() {}

    /** @param name as its owners call it; no person's name */
    public record OpenSubscription(SubscriptionId id, OrganisationId organisation, String name, Instant at) {}

    /** What happens to a subscription. */
    public sealed interface SubscriptionEvent {
        SubscriptionId id();
    }

    /** Events from here on are kept for the organisation. */
    public record SubscriptionOpened(SubscriptionId id, OrganisationId organisation, String name, Instant at)
            implements SubscriptionEvent {}

    /** @param opened null before */
    public record Subscription(@Nullable SubscriptionOpened opened) {}

    public static final EventTypes<SubscriptionEvent> TYPES = EventTypes.of(SubscriptionEvent.class)
            .type("subscription.opened", 1, SubscriptionOpened.class)
            .build();

    public static final StreamKind<OpenSubscription, Subscription, SubscriptionEvent> KIND =
            StreamKind.of(CATEGORY, new Rules(), TYPES);

    public static StreamId of(SubscriptionId id) {
        return new StreamId(CATEGORY, id.toString());
    }

    /** The Kafka topic of a subscription; one partition: everything in order. */
    public static String topic(SubscriptionId id) {
        return "passerelle.subscription." + id;
    }

    private static final class Rules implements Decider<OpenSubscription, Subscription, SubscriptionEvent> {

        @Override
        public Subscription initial() {
            return new Subscription(null);
        }

        @Override
        public List<SubscriptionEvent> decide(OpenSubscription command, Subscription state) {
            if (state.opened() != null) {
                throw Refusal.of("subscription-exists");
            }
            return List.of(new SubscriptionOpened(command.id(), command.organisation(), command.name(), command.at()));
        }

        @Override
        public Subscription evolve(Subscription state, SubscriptionEvent event) {
            return switch (event) {
                case SubscriptionOpened opened -> new Subscription(opened);
            };
        }
    }
}
