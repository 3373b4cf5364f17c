package org.passerelle.identification.detecting.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand.RecordDetection;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Phone;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.detecting.Found;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.detecting.Sex;

/** Somebody was found: opens a case that belongs to the organisation of who records it. */
@Path("/cases")
@Tag(name = "Detection")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class DetectingResource {

    @Inject
    Access access;

    @Inject
    Commands commands;

    @Inject
    NewCaseCode codes;

    /** @param account what was told, free text; never leaves this service */
    public record Detection(
            @NotNull @Valid FoundWhere found,
            @NotNull @Valid FoundWho person,
            org.passerelle.identification.screening.@NotNull Answer immediateDanger,
            @Nullable @Size(max = 20_000) String account) {}

    public record FoundWhere(
            @NotNull Instant at,
            @NotNull Place place,
            @Nullable @Size(max = 500) String exactPlace,
            Found.@NotNull How how) {}

    /** @param age in whole years, where no birth date is known; leave both out where the age is unknown */
    public record FoundWho(
            @Nullable @Size(max = 200) String givenName,
            @Nullable @Size(max = 200) String familyName,
            @Nullable LocalDate birthDate,
            @Nullable @Min(0) @Max(120) Integer age,
            @NotNull Sex sex,
            @Nullable Phone phone,
            @Nullable @Size(max = 500) String address,
            @Nullable @Size(max = 10) List<@NotNull Country> citizenships,
            @Nullable @Size(max = 20) List<@NotNull Language> languages) {}

    public record Detected(CaseCode caseCode, long version) {}

    @POST
    @AccessTo("case.detect")
    @Operation(summary = "Record that somebody was found; answers with the case code")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Detected.class)))
    public Uni<Response> detect(@Valid @NotNull Detection request) {
        String owner = access.caller().organisation();
        if (owner == null) {
            throw Refusal.of("organisation-needed").conflict();
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return codes.draw()
                .chain(code -> commands.create(
                        CaseStream.KIND,
                        CaseStream.of(code),
                        new RecordDetection(
                                code,
                                OrganisationId.of(owner),
                                found(request.found()),
                                person(request.person()),
                                request.immediateDanger(),
                                request.account(),
                                now),
                        request,
                        handled -> Answer.created(
                                "/identification/cases/" + code, new Detected(code, handled.version()))));
    }

    private static Found found(FoundWhere where) {
        return new Found(where.at(), where.place(), where.exactPlace(), where.how());
    }

    private static Person person(FoundWho who) {
        return new Person(
                who.givenName(),
                who.familyName(),
                who.birthDate(),
                who.age(),
                who.sex(),
                who.phone(),
                who.address(),
                who.citizenships() == null ? List.of() : who.citizenships(),
                who.languages() == null ? List.of() : who.languages());
    }
}
