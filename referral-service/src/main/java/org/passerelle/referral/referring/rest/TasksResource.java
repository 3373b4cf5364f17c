package org.passerelle.referral.referring.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Reads;
import org.passerelle.referral.emergency.EmergencyNotices;
import org.passerelle.referral.referring.OpenTasks;
import org.passerelle.referral.referring.OpenTasks.TaskView;

/** What waits for a decision by a person. */
@Path("/tasks")
@Tag(name = "Referrals")
public class TasksResource {

    @Inject
    Access access;

    @Inject
    Reads reads;

    @Inject
    OpenTasks tasks;

    @Inject
    EmergencyNotices emergencies;

    /**
     * Open tasks.
     *
     * @param emergencyAccesses those to the organisation's cases that nobody has reviewed yet: identification-service
     *     says more of them and takes the review
     */
    public record TaskList(List<TaskView> tasks, List<EmergencyNotices.Unreviewed> emergencyAccesses) {}

    @GET
    @AccessTo("task.list")
    @Operation(summary = "What a person must decide; for the coordination, of every organisation")
    public Uni<TaskList> tasks(@QueryParam("limit") @DefaultValue("100") @Min(1) @Max(500) int limit) {
        UUID ours = Relations.ownUnlessCoordinating(access);
        UUID reader = access.caller().organisationId();
        return Uni.combine()
                .all()
                .unis(
                        tasks.of(ours, reader, limit),
                        emergencies.unreviewed(ours == null ? null : ours.toString(), reader, limit))
                .with(TaskList::new)
                .flatMap(list -> reads.recorded(
                        access,
                        Stream.concat(
                                        list.tasks().stream().map(TaskView::caseCode),
                                        list.emergencyAccesses().stream().map(EmergencyNotices.Unreviewed::caseCode))
                                .distinct()
                                .toList(),
                        "codes",
                        Uni.createFrom().item(list)));
    }
}
