package org.passerelle.referral.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.passerelle.eventsourcing.Decider;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceId;

/** What an organisation was asked to make sure of in its entry: one stream each, keyed by the organisation's id. */
public final class AssuranceStream {

    public static final String CATEGORY = "assurance";

    public static final EventTypes<AssuranceAsked> TYPES = EventTypes.of(AssuranceAsked.class)
            .type("directory.assurance-asked", 1, AssuranceAsked.class)
            .build();

    public static final StreamKind<AskToAssure, Asked, AssuranceAsked> KIND =
            StreamKind.of(CATEGORY, new Rules(), TYPES);

    private AssuranceStream() {}

    public static StreamId of(OrganisationId id) {
        return new StreamId(CATEGORY, id.toString());
    }

    /** The organisation is reminded that nobody has made sure of these services for too long. */
    public record AssuranceAsked(OrganisationId organisation, List<ServiceId> services, Instant at) {

        public AssuranceAsked {
            services = List.copyOf(services);
        }
    }

    /**
     * @param stale its services of which nobody has made sure for too long
     * @param every not again within this time
     */
    record AskToAssure(OrganisationId organisation, List<ServiceId> stale, Duration every, Instant at) {}

    /** @param last when it was asked about each service */
    record Asked(Map<ServiceId, Instant> last) {

        Asked {
            last = Map.copyOf(last);
        }
    }

    private static final class Rules implements Decider<AskToAssure, Asked, AssuranceAsked> {

        @Override
        public Asked initial() {
            return new Asked(Map.of());
        }

        @Override
        public List<AssuranceAsked> decide(AskToAssure command, Asked state) {
            List<ServiceId> due = command.stale().stream()
                    .filter(service -> {
                        Instant before = state.last().get(service);
                        return before == null || !before.plus(command.every()).isAfter(command.at());
                    })
                    .sorted()
                    .toList();
            return due.isEmpty() ? List.of() : List.of(new AssuranceAsked(command.organisation(), due, command.at()));
        }

        @Override
        public Asked evolve(Asked state, AssuranceAsked event) {
            Map<ServiceId, Instant> last = new HashMap<>(state.last());
            event.services().forEach(service -> last.put(service, event.at()));
            return new Asked(last);
        }
    }
}
