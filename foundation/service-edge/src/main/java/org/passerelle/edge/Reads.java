package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.passerelle.eventsourcing.Append;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.EventTypes;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.eventsourcing.StreamId;

/** The record of every look at case data: one event per request, in a stream of its own, before the answer leaves. */
@ApplicationScoped
public class Reads {

    /** What the stream of one request says. */
    public sealed interface Looked {}

    /**
     * Somebody read case data; who is in the event's metadata.
     *
     * @param action  as in the access policy
     * @param cases   the codes of the cases whose data were given out
     * @param fields  which data, in the words of the field mask or of the endpoint
     * @param purpose what the reader said it was for, see {@link Purpose}
     */
    public record CaseRead(String action, List<String> cases, String fields, String purpose) implements Looked {}

    /**
     * Somebody was refused, so often within a minute; who is in the event's metadata.
     *
     * @param minute  its beginning
     * @param refused how often, by action
     */
    public record RequestsRefused(Instant minute, Map<String, Integer> refused) implements Looked {
        public RequestsRefused {
            refused = new TreeMap<>(refused);
        }
    }

    /**
     * Somebody looked at more different cases within an hour than anybody should, and was refused from then on; who is in
     * the event's metadata.
     *
     * @param kind  {@code opened} or {@code listed}
     * @param limit how many they may
     */
    public record HarvestSuspected(String kind, int limit) implements Looked {}

    public static final String CATEGORY = "access";

    static final EventTypes<Looked> TYPES = EventTypes.of(Looked.class)
            .type("access.case-read", 2, CaseRead.class)
            .upcast("access.case-read", 1, read -> read.put("purpose", Purpose.NOT_STATED.code()))
            .type("access.requests-refused", 1, RequestsRefused.class)
            .type("access.harvest-suspected", 1, HarvestSuspected.class)
            .build();

    @Inject
    EventStore store;

    @Inject
    HarvestDetector harvest;

    /** The read, with its record; where the record cannot be written the read fails, and so it does for {@link HarvestDetector}. */
    public <T> Uni<T> recorded(Access access, List<String> cases, String fields, Uni<T> read) {
        return read.call(() -> record(access, cases, fields));
    }

    /** The same where what was read decides which cases to name. */
    public Uni<Void> record(Access access, List<String> cases, String fields) {
        return harvest.check(
                        access.caller(), cases, (kind, limit) -> append(new HarvestSuspected(kind, limit), access.by()))
                .chain(() -> append(
                        new CaseRead(
                                access.action(), cases, fields, access.purpose().code()),
                        access.by()));
    }

    /**
     * What is given out to somebody who has no account, in the transaction that lets it out.
     *
     * @param by whoever receives it
     */
    public Uni<Void> givenIn(SqlConnection tx, String action, String caseCode, String fields, Metadata by) {
        return store.appendIn(
                        tx,
                        new Append(
                                List.of(one(new CaseRead(action, List.of(caseCode), fields, Purpose.REFERRAL.code()))),
                                by,
                                null))
                .replaceWithVoid();
    }

    /** The record of refusals. */
    Uni<Void> refused(Instant minute, Map<String, Integer> refused, Metadata by) {
        return append(new RequestsRefused(minute, refused), by);
    }

    private Uni<Void> append(Looked event, Metadata by) {
        return store.append(new Append(List.of(one(event)), by, null)).replaceWithVoid();
    }

    private static StreamAppend one(Looked event) {
        return new StreamAppend(
                new StreamId(CATEGORY, UUID.randomUUID().toString()),
                ExpectedVersion.any(),
                List.of(TYPES.encode(event)),
                List.of());
    }
}
