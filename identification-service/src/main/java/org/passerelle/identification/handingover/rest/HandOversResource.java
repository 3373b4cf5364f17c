package org.passerelle.identification.handingover.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.edge.FieldMask;
import org.passerelle.edge.Reads;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand.NoteHandOverEnd;
import org.passerelle.identification.casefile.CaseCommand.RequestHandOver;
import org.passerelle.identification.casefile.CaseCommand.SendHandOver;
import org.passerelle.identification.casefile.CaseEvent.HandOverSent;
import org.passerelle.identification.casefile.CaseFile.Facts;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.exchange.Partners.Partner;
import org.passerelle.identification.exchange.rest.CrossBorder;
import org.passerelle.identification.exchange.rest.HandOverIndex;
import org.passerelle.identification.exchange.rest.MessagesResource;
import org.passerelle.identification.exchange.rest.TakingIn;
import org.passerelle.identification.handingover.Declining;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.handingover.HandOver;
import org.passerelle.identification.handingover.HandOverId;
import org.passerelle.identification.handingover.Terms;
import org.passerelle.identification.messages.Writing;
import org.passerelle.identification.reading.CaseAccess;
import org.passerelle.identification.reading.CaseView;

/** Handing a case over to the mechanism of another country, on a consent of its own. */
@Path("/cases/{caseCode}/hand-overs")
@Tag(name = "Across borders")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class HandOversResource {

    @Inject
    CaseAccess admission;

    @Inject
    Access access;

    @Inject
    Commands commands;

    @Inject
    CrossBorder border;

    @Inject
    TakingIn takingIn;

    @Inject
    HandOverIndex index;

    @Inject
    EventStore store;

    @Inject
    Reads reads;

    /**
     * @param to    the country
     * @param means exchange: it is sent to the other installation; file: somebody fetches the file and takes it there
     */
    public record Wanted(@NotNull Country to, HandOverSent.@NotNull Means means) {}

    /**
     * @param facts what it tells: what the person agreed to, no more
     * @param until after that the receiver takes it no more
     */
    public record Begun(HandOverId handOverId, Country to, Set<Fact> facts, Instant until, long version) {}

    /**
     * @param reason why it was declined
     * @param withdrawnAt when the person withdrew the consent to it after it had left; absent unless that is so
     * @param withdrawalHeardAt when the receiving mechanism took note of that, as it says; absent until it has
     * @param withdrawalNotTaken why the last attempt to tell the receiver failed, a code; it is tried again, but have it
     *     carried or told by telephone where that lasts
     * @param failedAt since when it has come to nothing and nobody has said what else is done: another hand-over, a service
     *     here, or an acknowledgement; absent unless that is so
     * @param failedBecause declined, expired, refused or no-address; with failedAt
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Line(
            HandOverId handOverId,
            Country to,
            HandOver.State state,
            Set<Fact> facts,
            Instant requestedAt,
            Instant until,
            @Nullable Declining reason,
            @Nullable Instant withdrawnAt,
            @Nullable Instant withdrawalHeardAt,
            @Nullable String withdrawalNotTaken,
            @Nullable Instant failedAt,
            @Nullable String failedBecause) {}

    public record Lines(List<Line> handOvers, long version) {}

    public record Acknowledged(HandOverId handOverId, long version) {}

    @POST
    @AccessTo("case.hand-over")
    @Operation(
            summary = "Hand the person over to another country's mechanism, on a live consent to exactly that",
            description =
                    "The file tells what that consent allows, as it is known now. Withdrawing the consent before the"
                            + " receiver has it stops it; afterwards the receiver is told.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Begun.class)))
    public Uni<Response> begin(String caseCode, @Valid @NotNull Wanted request) {
        Instant now = now();
        HandOverId id = new HandOverId(UUID.randomUUID());
        return whole(caseCode).flatMap(admitted -> {
            Partner partner = border.partner(request.to());
            return store.load(CaseStream.KIND, CaseStream.of(admitted.code()))
                    .map(loaded -> command(id, CaseView.facts(loaded.state()), request, partner, now))
                    .flatMap(command -> commands.add(
                            CaseStream.KIND,
                            CaseStream.of(admitted.code()),
                            command,
                            request,
                            handled -> Answer.created(
                                    "/identification/cases/" + admitted.code() + "/hand-overs",
                                    new Begun(id, request.to(), command.facts(), command.until(), handled.version()))));
        });
    }

    private RequestHandOver command(HandOverId id, Facts facts, Wanted request, Partner partner, Instant now) {
        if (!partner.takes(request.means())) {
            throw Refusal.of("hand-over-only-carried").field("means").conflict();
        }
        Consent consent = facts.consents()
                .toHandOver(request.to(), now)
                .orElseThrow(() ->
                        Refusal.of("hand-over-without-consent").field("to").conflict());
        Terms terms = consent.handOver();
        if (terms == null) {
            throw new IllegalStateException("a consent to a hand-over without terms");
        }
        Instant until = now.plus(border.validFor());
        if (consent.validUntil() != null && consent.validUntil().isBefore(until)) {
            until = consent.validUntil();
        }
        String file = border.exchange().write(partner, id.value(), Writing.of(facts, consent, terms, now), now, until);
        return new RequestHandOver(id, request.to(), consent.id(), terms.facts(), request.means(), file, until, now);
    }

    @GET
    @AccessTo("case.hand-over")
    @Operation(summary = "How far this case's hand-overs to other countries are")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Lines.class)))
    public Uni<Response> list(String caseCode) {
        return admission
                .admit(caseCode)
                .flatMap(admitted -> reads.recorded(
                        access,
                        List.of(admitted.code().text()),
                        "hand-overs",
                        index.outstanding(admitted.code())
                                .flatMap(outstanding -> store.load(CaseStream.KIND, CaseStream.of(admitted.code()))
                                        .map(loaded -> Response.ok(new Lines(
                                                        CaseView.facts(loaded.state()).handOvers().stream()
                                                                .map(one -> line(one, outstanding.get(one.id())))
                                                                .toList(),
                                                        loaded.version()))
                                                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                                .build()))));
    }

    private static Line line(HandOver handOver, HandOverIndex.@Nullable Outstanding outstanding) {
        HandOver.Withdrawal withdrawal = handOver.withdrawal();
        return new Line(
                handOver.id(),
                handOver.to(),
                handOver.state(),
                handOver.facts(),
                handOver.requestedAt(),
                handOver.until(),
                handOver.reason(),
                withdrawal == null ? null : withdrawal.at(),
                withdrawal == null ? null : withdrawal.heardAt(),
                outstanding == null ? null : outstanding.withdrawalNotTaken(),
                outstanding == null ? null : outstanding.failedAt(),
                outstanding == null ? null : outstanding.failedBecause());
    }

    @POST
    @Path("/{handOverId}/acknowledgement")
    @AccessTo("case.hand-over")
    @Operation(
            summary = "One has seen that a hand-over came to nothing, and what else is done is decided",
            description = "It leaves GET /cases?handOverFailed=true. So it does when another hand-over is begun.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Acknowledged.class)))
    public Uni<Response> acknowledge(String caseCode, String handOverId) {
        HandOverId id = id(handOverId);
        return whole(caseCode)
                .flatMap(admitted -> commands.add(
                        CaseStream.KIND,
                        CaseStream.of(admitted.code()),
                        new NoteHandOverEnd(id, now()),
                        Map.of("handOverId", id.toString()),
                        handled -> Answer.ok(new Acknowledged(id, handled.version()))));
    }

    @GET
    @Path("/{handOverId}/withdrawal")
    @Produces({MessagesResource.JOSE, MediaType.APPLICATION_JSON})
    @AccessTo("case.hand-over")
    @Operation(
            summary =
                    "That the person has withdrawn, as a file to be carried there; only the receiving mechanism can read it",
            description = "Where the receiver can be sent to it is told by itself. Its receipt is carried back to"
                    + " POST /cross-border/imports.")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = MessagesResource.JOSE, schema = @Schema(type = SchemaType.STRING)))
    public Uni<Response> withdrawal(String caseCode, String handOverId) {
        HandOverId id = id(handOverId);
        return whole(caseCode)
                .flatMap(admitted -> reads.recorded(
                        access,
                        List.of(admitted.code().text()),
                        "withdrawal of a hand-over",
                        store.load(CaseStream.KIND, CaseStream.of(admitted.code()))
                                .map(loaded -> CaseView.facts(loaded.state())
                                        .handOver(id)
                                        .orElseThrow(Access::unknown))
                                .map(handOver -> Response.ok(
                                                takingIn.withdrawalFile(handOver, now()), MessagesResource.JOSE)
                                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                        .header(
                                                HttpHeaders.CONTENT_DISPOSITION,
                                                "attachment; filename=\"" + id + "-withdrawal.jose\"")
                                        .build())));
    }

    @GET
    @Path("/{handOverId}/file")
    @Produces({MessagesResource.JOSE, MediaType.APPLICATION_JSON})
    @AccessTo("case.hand-over")
    @Operation(
            summary = "The file of a hand-over, to be carried there; only the receiving mechanism can read it",
            description =
                    "That it was given out is recorded, as what leaves the mechanism. Refused once the consent has"
                            + " ended.")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = MessagesResource.JOSE, schema = @Schema(type = SchemaType.STRING)))
    public Uni<Response> file(String caseCode, String handOverId) {
        HandOverId id = id(handOverId);
        return whole(caseCode)
                .flatMap(admitted -> store.handle(
                                commands.asking(CaseStream.KIND),
                                CaseStream.of(admitted.code()),
                                new SendHandOver(id, HandOverSent.Means.FILE, now()),
                                ExpectedVersion.any(),
                                access.by())
                        .map(handled ->
                                CaseView.facts(handled.state()).handOver(id).orElseThrow(Access::unknown))
                        .flatMap(handOver -> {
                            String file = handOver.file();
                            if (file == null || handOver.state() == HandOver.State.STOPPED) {
                                throw Refusal.of("hand-over-stopped").conflict();
                            }
                            return reads.recorded(
                                    access,
                                    List.of(admitted.code().text()),
                                    "handed over to " + handOver.to() + ": "
                                            + handOver.facts().stream()
                                                    .map(Fact::code)
                                                    .collect(Collectors.joining(", ")),
                                    Uni.createFrom()
                                            .item(() -> Response.ok(file, MessagesResource.JOSE)
                                                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                                    .header(
                                                            HttpHeaders.CONTENT_DISPOSITION,
                                                            "attachment; filename=\"" + id + ".jose\"")
                                                    .build()));
                        }));
    }

    /** What leaves is decided on by whoever may read it. */
    private Uni<CaseAccess.Admitted> whole(String caseCode) {
        return admission.admit(caseCode).invoke(admitted -> {
            if (!admitted.decision().mask().covers(FieldMask.ALL)) {
                throw Access.unknown();
            }
        });
    }

    private static HandOverId id(String text) {
        try {
            return HandOverId.of(text);
        } catch (IllegalArgumentException malformed) {
            throw Access.unknown();
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
