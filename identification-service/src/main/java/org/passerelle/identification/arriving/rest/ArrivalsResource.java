package org.passerelle.identification.arriving.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
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
import org.passerelle.edge.Relation;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.StreamAppend;
import org.passerelle.identification.arriving.ArrivalCommand.AcceptArrival;
import org.passerelle.identification.arriving.ArrivalCommand.DeclineArrival;
import org.passerelle.identification.arriving.ArrivalStream;
import org.passerelle.identification.arriving.Opening;
import org.passerelle.identification.arriving.keeping.Arrivals;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.codes.Place;
import org.passerelle.identification.detecting.Person;
import org.passerelle.identification.detecting.rest.NewCaseCode;
import org.passerelle.identification.exchange.rest.CrossBorder;
import org.passerelle.identification.exchange.rest.MessagesResource;
import org.passerelle.identification.exchange.rest.TakingIn;
import org.passerelle.identification.handingover.Declining;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.handingover.HandOverId;
import org.passerelle.identification.messages.Message;
import org.passerelle.identification.needs.rest.Countries;

/** The desk answers who is handed over to this mechanism. Before it accepts it sees a redacted summary, as everybody who is asked. */
@Path("/arrivals")
@Tag(name = "Across borders")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ArrivalsResource {

    @Inject
    Access access;

    @Inject
    Commands commands;

    @Inject
    CrossBorder border;

    @Inject
    TakingIn takingIn;

    @Inject
    Arrivals arrivals;

    @Inject
    NewCaseCode codes;

    @Inject
    Countries countries;

    @Inject
    EventStore store;

    @Inject
    Reads reads;

    /** @param desk the organisation whose step each of them is */
    public record Page(OrganisationId desk, List<Arrivals.Line> arrivals) {}

    /**
     * What is told before somebody accepts.
     *
     * @param facts what would be told by accepting
     * @param child whether they have to be treated as a child; so they have where the age was not told
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Summary(
            HandOverId handOverId,
            String from,
            Instant until,
            Set<Fact> facts,
            boolean child,
            List<Language> languages,
            List<Message.NeedPart> needs,
            boolean withheldFromAuthorities) {}

    /** @param place where the person's needs are to be answered */
    public record Acceptance(@NotNull Place place) {}

    /** @param caseCode of the new case, which has nothing in common with that of the sender but the hand-over */
    public record Accepted(HandOverId handOverId, CaseCode caseCode) {}

    public record Decline(@NotNull Declining reason) {}

    public record Declined(HandOverId handOverId, long version) {}

    @GET
    @AccessTo("arrival.list")
    @Operation(
            summary = "Who was handed over to this mechanism: what waits for the desk, then what it has answered",
            description =
                    "What waits is sorted by its clock, which goes by the most urgent need. When it runs out the desk"
                            + " is reminded, then its supervisor is told, then the coordination, to whom it lists no cases.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Page.class)))
    public Uni<Response> list(@QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit) {
        OrganisationId desk = border.desk();
        if (access.caller().belongsTo(desk.toString())
                && access.decide(Relation.OWNING).permitted()) {
            return arrivals.list(limit).map(lines -> noStore(new Page(desk, lines)));
        }
        access.require(Relation.COORDINATING);
        return arrivals.list(limit)
                .map(lines -> noStore(new Page(
                        desk, lines.stream().map(Arrivals.Line::withoutCase).toList())));
    }

    @GET
    @Path("/{handOverId}")
    @AccessTo("arrival.read")
    @Operation(summary = "The redacted summary of somebody who waits to be accepted; no name")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Summary.class)))
    public Uni<Response> read(String handOverId) {
        if (!atTheDesk().covers(FieldMask.SUMMARY)) {
            throw Access.unknown();
        }
        HandOverId id = id(handOverId);
        return reads.recorded(
                access,
                List.of(id.toString()),
                FieldMask.SUMMARY.name(),
                message(id).map(message -> noStore(summary(message, Instant.now()))));
    }

    private static Summary summary(Message message, Instant now) {
        Message.HandingOver handOver = handingOver(message);
        Message.PersonPart person = handOver.person();
        return new Summary(
                new HandOverId(message.id()),
                message.from().code(),
                message.until(),
                handOver.consent().facts(),
                child(person, now),
                person == null || person.languages() == null ? List.of() : person.languages(),
                handOver.needs() == null ? List.of() : handOver.needs(),
                handOver.consent().withheldFromAuthorities());
    }

    private static boolean child(Message.@Nullable PersonPart person, Instant now) {
        if (person == null) {
            return true;
        }
        LocalDate born = person.birthDate();
        Integer age = born == null
                ? person.age()
                : Integer.valueOf(Period.between(born, LocalDate.ofInstant(now, ZoneOffset.UTC))
                        .getYears());
        return age == null || age < Person.ADULT_AGE;
    }

    @POST
    @Path("/{handOverId}/acceptance")
    @AccessTo("arrival.decide")
    @Operation(
            summary = "Accept: opens a case of this mechanism, with what the person agreed to have told",
            description = "Whether the person is a victim is decided here anew. What they agree to here is asked here:"
                    + " until then nobody else of this mechanism reads anything.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Accepted.class)))
    public Uni<Response> accept(String handOverId, @Valid @NotNull Acceptance request) {
        atTheDesk();
        HandOverId id = id(handOverId);
        Instant now = now();
        return commands.append(
                request,
                codes.draw().flatMap(code -> plan(id, code, request, now)),
                Plan::appends,
                plan -> Answer.created("/identification/cases/" + plan.code(), new Accepted(id, plan.code())));
    }

    private record Plan(CaseCode code, List<StreamAppend> appends) {}

    private Uni<Plan> plan(HandOverId id, CaseCode code, Acceptance request, Instant now) {
        return store.load(ArrivalStream.KIND, ArrivalStream.of(id)).flatMap(loaded -> {
            var accepted = ArrivalStream.KIND.decider().decide(new AcceptArrival(code, now), loaded.state());
            Opening opening = new Opening(
                    code, border.desk(), request.place(), countries.of(request.place()), UUID::randomUUID, now);
            return message(id)
                    .map(message -> new Plan(
                            code,
                            List.of(
                                    ArrivalStream.KIND.append(
                                            ArrivalStream.of(id), ExpectedVersion.exactly(loaded.version()), accepted),
                                    CaseStream.KIND.append(
                                            CaseStream.of(code),
                                            ExpectedVersion.none(),
                                            opening.events(handingOver(message))))));
        });
    }

    @POST
    @Path("/{handOverId}/decline")
    @AccessTo("arrival.decide")
    @Operation(summary = "Decline; the file is destroyed and the sender hears why")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Declined.class)))
    public Uni<Response> decline(String handOverId, @Valid @NotNull Decline request) {
        atTheDesk();
        HandOverId id = id(handOverId);
        return commands.add(
                ArrivalStream.KIND,
                ArrivalStream.of(id),
                new DeclineArrival(request.reason(), now()),
                request,
                handled -> Answer.ok(new Declined(id, handled.version())));
    }

    @GET
    @Path("/{handOverId}/answer")
    @Produces({MessagesResource.JOSE, MediaType.APPLICATION_JSON})
    @AccessTo("arrival.read")
    @Operation(summary = "The answer of this mechanism as a file, to be carried back; only the sender can read it")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = MessagesResource.JOSE, schema = @Schema(type = SchemaType.STRING)))
    public Uni<Response> answer(String handOverId) {
        atTheDesk();
        return takingIn.answerFile(id(handOverId), now())
                .map(file -> Response.ok(file, MessagesResource.JOSE)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    @GET
    @Path("/{handOverId}/withdrawal")
    @Produces({MessagesResource.JOSE, MediaType.APPLICATION_JSON})
    @AccessTo("arrival.read")
    @Operation(
            summary =
                    "That this mechanism knows of the withdrawal, as a file to be carried back; only the sender can read it")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = MessagesResource.JOSE, schema = @Schema(type = SchemaType.STRING)))
    public Uni<Response> withdrawal(String handOverId) {
        atTheDesk();
        return takingIn.withdrawalHeardFile(id(handOverId), null, now())
                .map(file -> Response.ok(file, MessagesResource.JOSE)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    /** The file can be read for as long as it is meant. */
    private Uni<Message> message(HandOverId id) {
        return arrivals.file(id)
                .map(file -> border.exchange()
                        .read(
                                file.orElseThrow(
                                        () -> Refusal.of("arrival-answered").conflict()),
                                Instant.now()));
    }

    private static Message.HandingOver handingOver(Message message) {
        return switch (message.content()) {
            case Message.HandingOver handOver -> handOver;
            case Message.Answering answer -> throw new IllegalStateException("an answer among the arrivals");
            case Message.Withdrawing withdrawal -> throw new IllegalStateException("a withdrawal among the arrivals");
            case Message.WithdrawalHeard heard -> throw new IllegalStateException("a receipt among the arrivals");
        };
    }

    private FieldMask atTheDesk() {
        boolean desk = access.caller().belongsTo(border.desk().toString());
        return access.require(desk ? Relation.OWNING : Relation.NONE).mask();
    }

    private static HandOverId id(String text) {
        try {
            return HandOverId.of(text);
        } catch (IllegalArgumentException malformed) {
            throw Access.unknown();
        }
    }

    private static Response noStore(Object body) {
        return Response.ok(body).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
