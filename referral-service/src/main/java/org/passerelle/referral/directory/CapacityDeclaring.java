package org.passerelle.referral.directory;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.directory.DirectoryStream.DeclareCapacity;

/** What is to be appended when somebody says what a service can take, whoever they are. */
@ApplicationScoped
public class CapacityDeclaring {

    @Inject
    EventStore store;

    /**
     * @param appends the organisation's entry, and that the directory changed; empty where nothing is new
     * @param counted what routing counts from now on
     */
    public record Plan(List<StreamAppend> appends, int counted) {}

    /** Reads anew whenever it is subscribed to: somebody may change the entry meanwhile. */
    public Uni<Plan> plan(OrganisationId organisation, DeclareCapacity declaration) {
        StreamId stream = DirectoryStream.of(organisation);
        return store.load(DirectoryStream.KIND, stream).map(loaded -> {
            DirectoryStream.Entry entry = loaded.state();
            List<DirectoryEvent> events = DirectoryStream.KIND.decider().decide(declaration, entry);
            StreamAppend append =
                    DirectoryStream.KIND.append(stream, ExpectedVersion.exactly(loaded.version()), events);
            for (DirectoryEvent event : events) {
                entry = DirectoryStream.KIND.decider().evolve(entry, event);
            }
            return new Plan(
                    events.isEmpty() ? List.of() : List.of(append, DirectoryStream.changed(declaration.at())),
                    Capacity.free(entry.capacities(declaration.service())));
        });
    }
}
