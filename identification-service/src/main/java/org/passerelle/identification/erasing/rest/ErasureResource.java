package org.passerelle.identification.erasing.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
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
import org.passerelle.edge.Problems;
import org.passerelle.edge.Reads;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand;
import org.passerelle.identification.casefile.CaseFile;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.erasing.Erasure;
import org.passerelle.identification.erasing.ErasureReason;
import org.passerelle.identification.erasing.HoldId;
import org.passerelle.identification.reading.CaseAccess;

/** Erasing what is personal of a case: one asks, another approves, a legal hold stops both. */
@Path("/cases/{caseCode}")
@Tag(name = "Erasure")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ErasureResource {

    @Inject
    CaseAccess admission;

    @Inject
    Access access;

    @Inject
    Commands commands;

    @Inject
    EventStore store;

    @Inject
    Reads reads;

    @Inject
    Problems problems;

    /** After so many days the oldest backup of the keys is overwritten: only then is an erasure final. */
    @ConfigProperty(name = "passerelle.keys.backup-days", defaultValue = "30")
    int keyBackupDays;

    /** @param legalBasis the law, decision or consent it rests on; never anything about the person: it is not erased */
    public record ErasureWanted(
            @NotNull ErasureReason reason,
            @NotBlank @Size(max = Erasure.BASIS) String legalBasis) {}

    /** Nothing needs saying. */
    public record Said() {}

    /** @param basis the court, the file, the law; never anything about the person: it is not erased */
    public record HoldWanted(
            @NotBlank @Size(max = Erasure.BASIS) String basis) {}

    public record Held(HoldId holdId, long version) {}

    public record Done(CaseCode caseCode, long version) {}

    @POST
    @Path("/erasure/request")
    @AccessTo("case.request-erasure")
    @Operation(summary = "Ask that what is personal of a closed case be erased; a second person decides")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Done.class)))
    public Uni<Response> request(String caseCode, @Valid @NotNull ErasureWanted wanted) {
        return erasable(
                caseCode, wanted, new CaseCommand.RequestErasure(wanted.reason(), wanted.legalBasis(), by(), now()));
    }

    @POST
    @Path("/erasure/approval")
    @AccessTo("case.approve-erasure")
    @Operation(
            summary = "Approve the erasure that somebody else asked for. It cannot be taken back.",
            description = "Every service destroys its keys within seconds; final when their last backup is gone.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Done.class)))
    public Uni<Response> approve(String caseCode, @Nullable Said said) {
        LocalDate finalOn = LocalDate.now(ZoneOffset.UTC).plusDays(keyBackupDays);
        return erasable(caseCode, new Said(), new CaseCommand.ApproveErasure(finalOn, by(), now()));
    }

    @POST
    @Path("/erasure/refusal")
    @AccessTo("case.request-erasure")
    @Operation(summary = "Refuse an erasure that was asked for, or take it back")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Done.class)))
    public Uni<Response> refuse(String caseCode, @Nullable Said said) {
        return done(caseCode, new Said(), new CaseCommand.RefuseErasure(by(), now()));
    }

    @POST
    @Path("/holds")
    @AccessTo("case.hold")
    @Operation(summary = "Place a legal hold: nothing of the case is erased while it stands")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Held.class)))
    public Uni<Response> hold(String caseCode, @Valid @NotNull HoldWanted wanted) {
        HoldId id = new HoldId(UUID.randomUUID());
        CaseCommand command = new CaseCommand.PlaceHold(id, wanted.basis(), by(), now());
        return admission
                .admit(caseCode)
                .chain(admitted -> commands.add(
                        CaseStream.KIND,
                        CaseStream.of(admitted.code()),
                        command,
                        wanted,
                        handled -> new Answer(201, null, new Held(id, handled.version()))));
    }

    @POST
    @Path("/holds/{holdId}/lifting")
    @AccessTo("case.hold")
    @Operation(summary = "Lift a legal hold")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Done.class)))
    public Uni<Response> lift(String caseCode, String holdId, @Nullable Said said) {
        return done(caseCode, new Said(), new CaseCommand.LiftHold(hold(holdId), by(), now()));
    }

    @GET
    @Path("/erasure")
    @AccessTo("case.erasure")
    @Operation(summary = "Whether a case is kept, to be erased, or erased, and when that is final")
    public Uni<ErasureView> erasure(String caseCode) {
        return admission
                .admit(caseCode)
                .chain(admitted ->
                        reads.recorded(access, List.of(admitted.code().text()), "erasure", read(admitted.code())));
    }

    @GET
    @Path("/erasure/certificate")
    @AccessTo("case.erasure")
    @Produces(MediaType.TEXT_HTML)
    @Operation(summary = "The certificate of an erasure, to be printed; it names nobody")
    public Uni<Response> certificate(String caseCode) {
        return admission
                .admit(caseCode)
                .chain(admitted ->
                        reads.recorded(access, List.of(admitted.code().text()), "erasure", read(admitted.code())))
                .map(view -> {
                    if (view.erasedAt() == null) {
                        throw Refusal.of("not-erased").conflict();
                    }
                    return Response.ok(new Certificate(problems.language()).of(view))
                            .header(HttpHeaders.CACHE_CONTROL, "no-store")
                            .header("Content-Security-Policy", Certificate.POLICY)
                            .build();
                });
    }

    private Uni<ErasureView> read(CaseCode code) {
        return store.load(CaseStream.KIND, CaseStream.of(code))
                .map(loaded ->
                        ErasureView.of(code, loaded.version(), erasure(loaded.state()), LocalDate.now(ZoneOffset.UTC)));
    }

    private static Erasure erasure(CaseFile file) {
        return switch (file) {
            case CaseFile.Unrecorded unrecorded -> throw Access.unknown();
            case CaseFile.Open open -> open.facts().erasure();
            case CaseFile.Closed closed -> closed.facts().erasure();
        };
    }

    /** What was stored before personal fields were sealed is not erased by destroying keys: no certificate may say so. */
    private Uni<Response> erasable(String caseCode, Object body, CaseCommand command) {
        return admission
                .admit(caseCode)
                .call(admitted -> store.inTheClear(CaseStream.TYPES, List.of(CaseStream.of(admitted.code())))
                        .invoke(inTheClear -> {
                            if (!inTheClear.isEmpty()) {
                                throw Refusal.of("stored-in-the-clear")
                                        .with(String.join(", ", inTheClear))
                                        .conflict();
                            }
                        }))
                .chain(admitted -> done(admitted.code(), body, command));
    }

    private Uni<Response> done(String caseCode, Object body, CaseCommand command) {
        return admission.admit(caseCode).chain(admitted -> done(admitted.code(), body, command));
    }

    private Uni<Response> done(CaseCode code, Object body, CaseCommand command) {
        return commands.add(
                CaseStream.KIND,
                CaseStream.of(code),
                command,
                body,
                handled -> Answer.created(
                        "/identification/cases/" + code + "/erasure", new Done(code, handled.version())));
    }

    private String by() {
        return access.caller().issuer() + " " + access.caller().subject();
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    private static HoldId hold(String text) {
        try {
            return HoldId.of(text);
        } catch (IllegalArgumentException malformed) {
            throw Refusal.of("hold-unknown").field("holdId").unknown();
        }
    }
}
