package org.passerelle.identification.needs.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.eventsourcing.Handled;
import org.passerelle.identification.avoiding.rest.Avoidances;
import org.passerelle.identification.avoiding.rest.ToAvoid;
import org.passerelle.identification.casefile.CaseCommand.StateNeed;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseEvent.NeedStated;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.needs.Circumstance;
import org.passerelle.identification.needs.NeedId;
import org.passerelle.identification.needs.ServiceType;
import org.passerelle.identification.needs.Urgency;
import org.passerelle.identification.reading.CaseAccess;

/** What the person needs. It can be routed at once, whatever the screening says or has not said yet. */
@Path("/cases/{caseCode}/needs")
@Tag(name = "Needs")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class NeedsResource {

    private final CaseAccess admission;
    private final Commands commands;
    private final Countries countries;
    private final Avoidances avoidances;

    @Inject
    NeedsResource(CaseAccess admission, Commands commands, Countries countries, Avoidances avoidances) {
        this.admission = admission;
        this.commands = commands;
        this.countries = countries;
        this.avoidances = avoidances;
    }

    /**
     * @param place where the service is needed
     * @param languages that the service should speak, the best spoken first; ISO 639-2. It goes out with the need: a
     *     language that few speak says something of who it is, so it is said only where it helps to choose
     * @param circumstances of the person that decide whether a service can take them; said only where they help to choose.
     *     Routing leaves out services that exclude one of them; a service that is asked and is listed with a rule for one
     *     learns that one, authorities none
     * @param avoid where and to whom the person must not be sent: as if it had been said of the case just before
     */
    public record NeedOfPerson(
            @NotNull ServiceType service,
            @NotNull Urgency urgency,
            @NotNull Place place,
            @Nullable @Size(min = 1, max = 5) List<@NotNull Language> languages,
            @Nullable @Size(min = 1, max = 10) List<@NotNull Circumstance> circumstances,
            @Nullable @Valid ToAvoid avoid) {}

    /** @param dueAt when it must be answered; counted from now, and never restarted */
    public record Stated(NeedId needId, Instant dueAt, long version) {}

    @POST
    @AccessTo("case.need")
    @Operation(summary = "State a need; it goes out to be routed at once")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Stated.class)))
    public Uni<Response> state(String caseCode, @Valid @NotNull NeedOfPerson request) {
        NeedId id = new NeedId(UUID.randomUUID());
        StateNeed command = new StateNeed(
                id,
                request.service(),
                request.urgency(),
                request.place(),
                request.languages(),
                request.circumstances(),
                null,
                null,
                countries.of(request.place()),
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        return admission
                .admit(caseCode)
                .chain(admitted -> commands.add(
                        CaseStream.KIND,
                        CaseStream.of(admitted.code()),
                        avoidances.before(request.avoid(), command),
                        request,
                        handled -> Answer.created(
                                "/identification/cases/" + admitted.code(),
                                new Stated(id, dueAt(handled), handled.version()))));
    }

    private static Instant dueAt(Handled<CaseFile, CaseEvent> handled) {
        return handled.events().stream()
                .filter(NeedStated.class::isInstance)
                .map(event -> ((NeedStated) event).need().dueAt())
                .findFirst()
                .orElseThrow();
    }
}
