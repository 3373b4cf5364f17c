package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;

/** The record of every look at case data: one event per request, in a stream of its own, before the answer leaves. */
@ApplicationScoped
public class Reads {

    /**
     * Somebody read case data; who is in the event's metadata.
     *
     * @param action as in the access policy
     * @param cases  the codes of the cases whose data were given out
     * @param fields which data, in the words of the field mask or of the endpoint
     */
    public record CaseRead(String action, List<String> cases, String fields) {}

    static final EventTypes<CaseRead> TYPES = EventTypes.of(CaseRead.class)
            .type("access.case-read", 1, CaseRead.class)
            .build();

    @Inject
    EventStore store;

    /** The read, with its record; where the record cannot be written the read fails. */
    public <T> Uni<T> recorded(Access access, List<String> cases, String fields, Uni<T> read) {
        return read.call(() -> record(access, cases, fields));
    }

    /** The same where what was read decides which cases to name. */
    public Uni<Void> record(Access access, List<String> cases, String fields) {
        CaseRead event = new CaseRead(access.action(), cases, fields);
        StreamAppend append = new StreamAppend(
                new StreamId("access", UUID.randomUUID().toString()),
                ExpectedVersion.any(),
                List.of(TYPES.encode(event)),
                List.of());
        return store.append(new Append(List.of(append), access.by(), null)).replaceWithVoid();
    }
}
