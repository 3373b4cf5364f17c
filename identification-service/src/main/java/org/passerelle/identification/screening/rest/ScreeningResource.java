package org.passerelle.identification.screening.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Problems;
import org.passerelle.eventsourcing.Handled;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand.AnswerScreening;
import org.passerelle.identification.casefile.CaseEvent;
import org.passerelle.identification.casefile.CaseEvent.ScreeningRecorded;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.reading.CaseAccess;
import org.passerelle.identification.screening.Instrument;
import org.passerelle.identification.screening.Label;
import org.passerelle.identification.screening.ScreeningId;
import org.passerelle.identification.screening.UrgentRisk;

/** Screening a person with an instrument. */
@Path("/cases/{caseCode}/screenings")
@Tag(name = "Screening")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ScreeningResource {

    @Inject
    CaseAccess admission;

    @Inject
    Access access;

    @Inject
    Commands commands;

    @Inject
    Instruments instruments;

    @Inject
    Problems problems;

    /** @param answers by question code; a question left out counts as unknown */
    public record Answers(
            @NotBlank String instrument,
            @NotNull @Min(1) Integer version,
            @NotNull @Size(max = 500) Map<String, org.passerelle.identification.screening.@NotNull Answer> answers) {}

    /** @param urgentRisks to be acted on now, whatever the outcomes */
    public record Screened(
            ScreeningId screeningId, Map<Label, OutcomeView> outcomes, List<UrgentRisk> urgentRisks, long version) {}

    @POST
    @AccessTo("case.screen")
    @Operation(summary = "Answer a screening; the outcome of each label is given with its explanation")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Screened.class)))
    public Uni<Response> screen(String caseCode, @Valid @NotNull Answers request) {
        if (instruments.newest(request.instrument()).isEmpty()) {
            throw Refusal.of("instrument-unknown").field("instrument").invalid();
        }
        Instrument instrument = instruments
                .find(request.instrument(), request.version())
                .orElseThrow(() -> Refusal.of("instrument-version-unknown")
                        .field("version")
                        .invalid());
        ScreeningId id = new ScreeningId(UUID.randomUUID());
        AnswerScreening command = new AnswerScreening(
                id, instrument, request.answers(), Instant.now().truncatedTo(ChronoUnit.MILLIS));
        String language = problems.language().getLanguage();
        boolean authority = access.caller().authority();
        return admission
                .admit(caseCode)
                .chain(admitted -> commands.add(
                        CaseStream.KIND,
                        CaseStream.of(admitted.code()),
                        command,
                        request,
                        handled -> Answer.created(
                                "/identification/cases/" + admitted.code(),
                                screened(recorded(handled), instrument, language, authority, handled.version()))));
    }

    private static ScreeningRecorded recorded(Handled<CaseFile, CaseEvent> handled) {
        return handled.events().stream()
                .filter(ScreeningRecorded.class::isInstance)
                .map(ScreeningRecorded.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static Screened screened(
            ScreeningRecorded recorded, Instrument instrument, String language, boolean authority, long version) {
        return new Screened(
                recorded.screeningId(),
                OutcomeView.of(recorded.assessment(), Optional.of(instrument), language, authority),
                recorded.assessment().urgentRisks(),
                version);
    }
}
