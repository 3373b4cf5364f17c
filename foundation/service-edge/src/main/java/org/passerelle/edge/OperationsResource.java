package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.EventLog;
import org.passerelle.eventsourcing.Parking;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.Relay;
import org.passerelle.eventsourcing.Restore;

/** What operators do to a service's log; {@code ./passerelle ctl} calls it. */
@Path("/operations")
@Tag(name = "Operations")
public class OperationsResource {

    private static final int LIMIT = 10_000;

    @Inject
    Kernel kernel;

    @Inject
    Access access;

    @Inject
    Consuming consuming;

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

    /**
     * @param kept      published events that the restored database still held; they keep their names
     * @param lostCount published events that are gone
     * @param lost      the first 10 000 of them, by case
     * @param witnessed how many events a witness had seen of a history that this database does not hold; 0 for none
     */
    public record AdoptedRestore(
            UUID epoch, long firstSeq, long kept, long lostCount, List<Restore.Lost> lost, long witnessed) {}

    @POST
    @Path("/adopt-restore")
    @AccessTo("operations.adopt-restore")
    @Operation(
            summary = "Begin another life of a log whose database was restored or contradicted, and list what was lost")
    public Uni<AdoptedRestore> adoptRestore() {
        Caller caller = access.caller();
        return kernel.adoptRestore(caller.issuer() + " " + caller.subject())
                .map(adopted -> new AdoptedRestore(
                        adopted.epoch(),
                        adopted.firstSeq(),
                        adopted.kept(),
                        adopted.lost().size(),
                        adopted.lost().stream().limit(LIMIT).toList(),
                        adopted.witnessed()))
                .onFailure(Restore.NothingToAdopt.class)
                .transform(failure -> Refusal.of("nothing-to-adopt"));
    }

    @GET
    @Path("/lost")
    @AccessTo("operations.adopt-restore")
    @Operation(summary = "What earlier restores lost although it had been published")
    public Uni<List<Restore.Lost>> lost() {
        return Restore.lost(kernel.pool(), LIMIT);
    }

    @GET
    @Path("/parked")
    @AccessTo("operations.parked")
    @Operation(summary = "Cases that wait, those that wait longest first")
    public Uni<List<Parking.Case>> parked() {
        return Parking.list(kernel.pool(), LIMIT);
    }

    @GET
    @Path("/parked/{consumer}/{key}")
    @AccessTo("operations.parked")
    @Operation(summary = "Why a case waits: its records in order, as they were published")
    public Uni<List<Parking.Waiting>> explain(String consumer, String key) {
        effect(consumer);
        return Parking.explain(kernel.pool(), consumer, key, 1_000);
    }

    @POST
    @Path("/parked/{consumer}/{key}/retry")
    @AccessTo("operations.unpark")
    @Operation(summary = "Apply the records of a case that wait, in order, until one fails again")
    public Uni<Parking.Retried> retry(String consumer, String key) {
        return kernel.parking().retry(effect(consumer), key);
    }

    /**
     * @param sequence of the case's first record that waits; a repeat skips nothing more
     * @param reason   about the machinery, never about a person; stays in this service's database
     */
    public record Skip(
            @NotNull @Min(1) Long sequence,
            @NotBlank @Size(max = Parking.REASON) String reason) {}

    @POST
    @Path("/parked/{consumer}/{key}/skip")
    @AccessTo("operations.unpark")
    @Operation(summary = "Pass over the first record of a case that waits, for ever, and record who decided it and why")
    public Uni<Parking.Skipped> skip(String consumer, String key, @Valid @NotNull Skip request) {
        Caller caller = access.caller();
        return kernel.parking()
                .skip(
                        effect(consumer),
                        key,
                        request.sequence(),
                        caller.issuer() + " " + caller.subject(),
                        request.reason());
    }

    private Effect effect(String consumer) {
        return consuming.effect(consumer).orElseThrow(Access::unknown);
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
