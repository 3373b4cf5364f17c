package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.eventsourcing.EventLog;
import org.passerelle.eventsourcing.Relay;

/** What operators do to a service's log; {@code ./passerelle ctl} calls it. */
@Path("/operations")
@Tag(name = "Operations")
public class OperationsResource {

    @Inject
    Kernel kernel;

    /**
     * @param from first log position to publish again, from 1
     */
    public record Republish(@NotNull @Min(1) Long from) {}

    /** Per topic, how many log entries go out again. */
    public record Republished(String topic, long entries) {}

    @POST
    @Path("/republish")
    @AccessTo("operations.republish")
    @Operation(summary = "Fill the service's topic again from its log, from a position on")
    public Uni<List<Republished>> republish(@Valid @NotNull Republish request) {
        return io.smallrye.mutiny.Multi.createFrom()
                .iterable(kernel.topics())
                .onItem()
                .transformToUniAndConcatenate(topic -> Relay.republish(kernel.pool(), topic, request.from())
                        .map(entries -> new Republished(topic, entries)))
                .collect()
                .asList();
    }

    /** The counts, and whether they are as they must be. */
    public record AuditReport(EventLog.Audit counts, boolean sound) {}

    @GET
    @Path("/audit")
    @AccessTo("operations.audit")
    @Operation(summary = "Check that events = log + pending, and that the log has no gap")
    public Uni<AuditReport> audit() {
        return EventLog.audit(kernel.pool()).map(counts -> new AuditReport(counts, counts.sound()));
    }

    @GET
    @Path("/status")
    @AccessTo("operations.status")
    @Operation(summary = "How far the log has been published, and which cases are parked")
    public Uni<EventLog.Status> status() {
        return EventLog.status(kernel.pool());
    }
}
