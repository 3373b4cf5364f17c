package org.passerelle.identification.exchange.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Kernel;
import org.passerelle.edge.Problems;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.arriving.ArrivalEvent.HandOverArrived;
import org.passerelle.identification.exchange.Exchange;
import org.passerelle.identification.messages.Message;

/**
 * Messages of other countries' mechanisms. A partner's signature is the permission, on the request and inside the file:
 * its installation has no account here.
 */
@Path("/cross-border")
@Tag(name = "Across borders", description = "Handing over to another country's mechanism, and taking over from it")
public class MessagesResource {

    /** JWS in JWE, compact. */
    public static final String JOSE = "application/jose";

    static final String PROOF = "Passerelle-Proof";

    @Inject
    CrossBorder border;

    @Inject
    TakingIn takingIn;

    @Inject
    Access access;

    @Inject
    Problems problems;

    @Inject
    Kernel kernel;

    @Inject
    Pool pool;

    /**
     * What was carried here.
     *
     * @param kind  hand-over, answer, withdrawal or withdrawal-heard
     * @param state waiting: the desk has to answer; or what the case says of its hand-over now
     */
    public record Imported(String handOverId, String kind, String state) {}

    @POST
    @Path("/messages")
    @Consumes(JOSE)
    @Produces({JOSE, MediaType.APPLICATION_JSON})
    @AccessTo(AccessTo.ANYONE)
    @SecurityRequirements
    @Operation(
            summary = "A partner country's installation sends a hand-over, its answer to one, or that one is withdrawn",
            description =
                    "Body: a signed and encrypted file. Passerelle-Proof: a JWT, signed by the sending country, good for"
                            + " a minute and once. A hand-over is answered with a signed file of the receiver that says received,"
                            + " accepted or declined, a withdrawal with one that says since when it is known; the same file again has no"
                            + " second effect. See docs/cross-border.md.")
    @APIResponse(
            responseCode = "200",
            description = "Taken",
            content =
                    @Content(
                            mediaType = JOSE,
                            schema =
                                    @Schema(
                                            type =
                                                    org.eclipse.microprofile.openapi.annotations.enums.SchemaType
                                                            .STRING)))
    @APIResponse(responseCode = "401", description = "The request is not proven to be of a partner")
    public Uni<Response> take(@HeaderParam(PROOF) @Nullable String proof, String file) {
        Exchange exchange = border.exchange();
        if (kernel.restoreCheck().verdict().stops()) {
            return Uni.createFrom().item(problems.respond(503, "log-restored", null));
        }
        Instant now = now();
        Exchange.Proof proven;
        try {
            proven = exchange.proven(proof == null ? "" : proof, file, now);
        } catch (Refusal unproven) {
            return Uni.createFrom().item(problems.respond(401, unproven.code(), PROOF));
        }
        return once(proven).flatMap(first -> {
            if (!first) {
                return Uni.createFrom().item(problems.respond(401, "exchange-unproven", PROOF));
            }
            Message message = exchange.read(file, now);
            if (!message.from().equals(proven.from())) {
                throw Refusal.of("exchange-misdirected").field("iss").invalid();
            }
            Metadata by = Metadata.system("mechanism of " + message.from());
            return switch (message.content()) {
                case Message.HandingOver handOver ->
                    takingIn.handOver(message, handOver, file.strip(), HandOverArrived.Means.EXCHANGE, by, now)
                            .flatMap(taken -> takingIn.answerFile(taken.handOverId(), now))
                            .map(answer -> Response.ok(answer, JOSE)
                                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                    .build());
                case Message.Answering answer ->
                    takingIn.answer(message, answer, by, now)
                            .map(taken -> Response.noContent().build());
                case Message.Withdrawing withdrawal ->
                    takingIn.withdrawal(message, withdrawal, by, now)
                            .flatMap(taken -> takingIn.withdrawalHeardFile(taken.handOverId(), message.from(), now))
                            .map(heard -> Response.ok(heard, JOSE)
                                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                    .build());
                case Message.WithdrawalHeard heard ->
                    takingIn.withdrawalHeard(message, heard, by, now)
                            .map(taken -> Response.noContent().build());
            };
        });
    }

    /** A proof is good once, whichever replica it is shown to. */
    private Uni<Boolean> once(Exchange.Proof proof) {
        return pool.preparedQuery(
                        "insert into exchange_proof (proof_id, until_at) values ($1, $2) on conflict do nothing")
                .execute(Tuple.of(proof.id(), proof.until().atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    @POST
    @Path("/imports")
    @Consumes(JOSE)
    @Produces(MediaType.APPLICATION_JSON)
    @AccessTo("hand-over.import")
    @Operation(
            summary = "Take in a file that was carried here: a hand-over, the answer to one of ours, or a withdrawal",
            description = "The same checks as for what is sent; a hand-over that has come before is refused.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Imported.class)))
    public Uni<Response> carried(String file) {
        Instant now = now();
        Message message = border.exchange().read(file, now);
        return switch (message.content()) {
            case Message.HandingOver handOver ->
                takingIn.handOver(message, handOver, file.strip(), HandOverArrived.Means.FILE, access.by(), now)
                        .map(taken -> {
                            if (!taken.news()) {
                                throw Refusal.of("exchange-replayed")
                                        .field("jti")
                                        .conflict();
                            }
                            return imported(taken, "hand-over");
                        });
            case Message.Answering answer ->
                takingIn.answer(message, answer, access.by(), now).map(taken -> imported(taken, "answer"));
            case Message.Withdrawing withdrawal ->
                takingIn.withdrawal(message, withdrawal, access.by(), now).map(taken -> imported(taken, "withdrawal"));
            case Message.WithdrawalHeard heard ->
                takingIn.withdrawalHeard(message, heard, access.by(), now)
                        .map(taken -> imported(taken, "withdrawal-heard"));
        };
    }

    private static Response imported(TakingIn.Taken taken, String kind) {
        return Response.ok(new Imported(taken.handOverId().toString(), kind, taken.state()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
