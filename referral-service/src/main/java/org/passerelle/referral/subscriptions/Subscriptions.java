package org.passerelle.referral.subscriptions;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.PublicEvent;
import org.passerelle.eventsourcing.Relay;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.SubscriptionId;
import org.passerelle.referral.directory.AssuranceStream;
import org.passerelle.referral.investigating.InvestigationStream;
import org.passerelle.referral.proposing.ProposalStream;
import org.passerelle.referral.publishing.PublicDirectoryEvents;
import org.passerelle.referral.publishing.PublicInvestigationEvents;
import org.passerelle.referral.publishing.PublicProposalEvents;
import org.passerelle.referral.publishing.PublicReferralEvents;
import org.passerelle.referral.referring.ReferralStream;

/** Reads subscriptions and their events. */
@ApplicationScoped
public class Subscriptions {

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    Pool pool;

    @Inject
    ObjectMapper json;

    /** A subscription as its organisation sees it. */
    public record SubscriptionView(
            UUID subscriptionId, UUID organisation, String name, String topic, OffsetDateTime openedAt) {

        static SubscriptionView of(SubscriptionRow row) {
            return new SubscriptionView(
                    row.id,
                    row.organisationId,
                    row.name,
                    SubscriptionStream.topic(new SubscriptionId(row.id)),
                    row.openedAt);
        }
    }

    public Uni<List<SubscriptionView>> of(UUID organisation) {
        return sessions.withSession(session -> session.createSelectionQuery(
                        "from Subscription s where s.organisationId = :organisation order by s.openedAt, s.id",
                        SubscriptionRow.class)
                .setParameter("organisation", organisation)
                .getResultList()
                .map(rows -> rows.stream().map(SubscriptionView::of).toList()));
    }

    /**
     * @param startSeq position of the log after which it begins
     */
    public record Beginning(UUID organisation, long startSeq) {}

    /** Null when there is none. */
    public Uni<@Nullable Beginning> beginning(UUID id) {
        return sessions.withSession(session -> session.find(SubscriptionRow.class, id)
                .map(row -> row == null ? null : new Beginning(row.organisationId, row.startSeq)));
    }

    /** CloudEvents 1.0 in JSON. The same id as on Kafka. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CloudEvent(
            String specversion,
            String id,
            String source,
            String type,
            String subject,
            Instant time,
            String datacontenttype,
            String dataschema,
            String sequence,
            String partitionkey,
            @Nullable String correlationid,
            @Nullable String causationid,
            Object data) {}

    /** @param last position of the last event, or where the page began when it is empty */
    public record Page(List<CloudEvent> events, long last) {}

    /** Events that concern the organisation, after a position of the log, in the order of the log. */
    public Uni<Page> events(UUID organisation, long after, int limit) {
        return pool.preparedQuery(
                        "select n.seq, n.epoch, n.epoch_seq, e.stream_id, e.type, e.schema_version, e.data, e.metadata, e.recorded_at"
                                + " from concern c join log_name n on n.id = c.event_id"
                                + " join event e on e.id = c.event_id"
                                + " where c.organisation_id = $1 and n.seq > $2 order by n.seq limit $3")
                .execute(Tuple.of(organisation, after, limit))
                .map(rows -> {
                    List<CloudEvent> events = new ArrayList<>();
                    long last = after;
                    for (Row row : rows) {
                        last = row.getLong("seq");
                        events.add(cloudEvent(row));
                    }
                    return new Page(events, last);
                });
    }

    private CloudEvent cloudEvent(Row row) {
        String source = Relay.source("referral", row.getUUID("epoch"));
        long seq = row.getLong("epoch_seq");
        PublicEvent event = event(
                StreamId.parse(row.getString("stream_id")),
                row.getString("type"),
                row.getInteger("schema_version"),
                row.getBuffer("data").getBytes());
        JsonNode metadata = metadata(row.getBuffer("metadata").getBytes());
        return new CloudEvent(
                "1.0",
                source + ":" + seq,
                source,
                event.type(),
                event.subject(),
                row.getOffsetDateTime("recorded_at").toInstant(),
                "application/json",
                "urn:passerelle:schema:" + event.type(),
                Long.toString(seq),
                event.key(),
                metadata.path("correlationId").asText(null),
                metadata.path("causationId").asText(null),
                event.data());
    }

    static PublicEvent event(StreamId stream, String type, int version, byte[] data) {
        return switch (stream.category()) {
            case AssuranceStream.CATEGORY ->
                PublicDirectoryEvents.of(AssuranceStream.TYPES.decode(type, version, data));
            case InvestigationStream.CATEGORY ->
                PublicInvestigationEvents.of(InvestigationStream.TYPES.decode(type, version, data))
                        .orElseThrow();
            case ProposalStream.CATEGORY ->
                PublicProposalEvents.of(ProposalStream.TYPES.decode(type, version, data))
                        .orElseThrow();
            default ->
                PublicReferralEvents.of(ReferralStream.TYPES.decode(type, version, data))
                        .orElseThrow();
        };
    }

    private JsonNode metadata(byte[] bytes) {
        try {
            return json.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
