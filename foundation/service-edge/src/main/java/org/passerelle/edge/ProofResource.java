package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.Exposure;
import org.passerelle.eventsourcing.LogTree;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.Witness;
import org.passerelle.eventsourcing.Witnessing;
import org.passerelle.proof.Checkpoint;
import org.passerelle.proof.Note;
import org.passerelle.proof.Tile;
import org.passerelle.proof.TreeHash;

/** The proof that a service's log was not changed, in the forms of C2SP; and the service as a witness of others. */
@Path("/proof")
@Tag(name = "Proof")
public class ProofResource {

    private static final int LONGEST_REQUEST = 100_000;
    private static final String TILE = "application/octet-stream";

    @Inject
    Kernel kernel;

    @Inject
    Proofs proofs;

    @Inject
    ProofSettings settings;

    @GET
    @Path("/checkpoint")
    @AccessTo("proof.read")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "The last checkpoint of this log, signed (C2SP tlog-checkpoint)")
    public Uni<String> checkpoint() {
        return signed().map(state -> note(state).format());
    }

    @GET
    @Path("/tile/{path: .+}")
    @AccessTo("proof.read")
    @Produces(TILE)
    @Operation(summary = "Hashes of the tree (C2SP tlog-tiles): level, number, and .p/width for a narrower tile")
    public Uni<byte[]> tile(@PathParam("path") String path) {
        Tile.Asked asked =
                Tile.parse(path).orElseThrow(() -> Refusal.of("no-tile").unknown());
        return tree().tile(asked.tile())
                .map(found -> found.filter(hashes -> hashes.length >= asked.width() * TreeHash.BYTES)
                        .map(hashes -> Arrays.copyOf(hashes, asked.width() * TreeHash.BYTES))
                        .orElseThrow(() -> Refusal.of("no-tile").unknown()));
    }

    /**
     * @param size  of the tree that the proof leads to
     * @param proof hashes in Base64, from below
     */
    public record Proven(long size, List<String> proof) {}

    @GET
    @Path("/inclusion/{seq}")
    @AccessTo("proof.read")
    @Operation(summary = "That the event at a position is in the signed tree (RFC 6962, 2.1.1)")
    public Uni<Proven> inclusion(@PathParam("seq") @Min(1) long seq, @QueryParam("size") @Min(1) @Nullable Long size) {
        return signed().flatMap(state -> {
            long of = size == null ? state.signedSize() : size;
            if (of > state.signedSize() || seq > of) {
                throw Refusal.of("not-proven-yet").unknown();
            }
            return tree().inclusion(seq, of).map(proof -> proven(of, proof));
        });
    }

    @GET
    @Path("/consistency")
    @AccessTo("proof.read")
    @Operation(summary = "That an earlier tree is the beginning of a later one (RFC 6962, 2.1.2)")
    public Uni<Proven> consistency(
            @QueryParam("from") @NotNull @Min(0) Long from, @QueryParam("to") @Min(0) @Nullable Long to) {
        return signed().flatMap(state -> {
            long of = to == null ? state.signedSize() : to;
            if (of > state.signedSize() || from > of) {
                throw Refusal.of("not-proven-yet").unknown();
            }
            return tree().consistency(from, of).map(proof -> proven(of, proof));
        });
    }

    private static Proven proven(long size, List<byte[]> proof) {
        return new Proven(
                size, proof.stream().map(Base64.getEncoder()::encodeToString).toList());
    }

    /**
     * @param limitSeconds what is promised
     * @param quorum       so many witnesses must have seen what counts as witnessed
     * @param witnesses    what each said last, of the questions of this replica
     * @param keys         public keys: of this log, and of this service as a witness
     * @param log          the key of this log under its present origin, as witnesses of other make are told it; null where the
     *     service has no keys
     */
    public record Standing(
            Exposure exposure,
            long limitSeconds,
            int quorum,
            Map<String, Witnessing.Verdict> witnesses,
            List<String> keys,
            @Nullable String log) {}

    @GET
    @AccessTo("proof.read")
    @Operation(summary = "How much of the log no witness has seen yet, and the public keys")
    public Uni<Standing> standing() {
        List<String> keys = settings.keys()
                .map(own -> List.of(own.log().key().text(), own.witness().key().text()))
                .orElse(List.of());
        return Exposure.of(kernel.pool(), settings.quorum())
                .map(exposure -> new Standing(
                        exposure,
                        Exposure.LIMIT.toSeconds(),
                        settings.quorum(),
                        proofs.verdicts(),
                        keys,
                        settings.keys()
                                .map(own -> own.log()
                                        .key()
                                        .named(Checkpoint.origin(settings.service(), exposure.epoch()))
                                        .text())
                                .orElse(null)));
    }

    /** The signature on the checkpoint is the permission: of a log that this service was told to watch, or nothing happens. */
    @POST
    @Path("/witness/add-checkpoint")
    @AccessTo(AccessTo.ANYONE)
    @SecurityRequirements
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "Cosign a checkpoint of another log (C2SP tlog-witness)")
    public Uni<Response> addCheckpoint(byte[] request) {
        if (!kernel.mayAct() || proofs.witness().isEmpty()) {
            // A database that was set back may have forgotten what was cosigned.
            return Uni.createFrom().item(plain(503, MediaType.TEXT_PLAIN, ""));
        }
        if (request.length > LONGEST_REQUEST) {
            return Uni.createFrom().item(plain(400, MediaType.TEXT_PLAIN, ""));
        }
        return proofs.witness()
                .get()
                .add(new String(request, StandardCharsets.UTF_8))
                .map(answer -> switch (answer) {
                    case Witness.Answer.Cosigned cosigned -> plain(200, MediaType.TEXT_PLAIN, cosigned.lines());
                    case Witness.Answer.Malformed malformed -> plain(400, MediaType.TEXT_PLAIN, "");
                    case Witness.Answer.NotTrusted notTrusted -> plain(403, MediaType.TEXT_PLAIN, "");
                    case Witness.Answer.UnknownLog unknown -> plain(404, MediaType.TEXT_PLAIN, "");
                    case Witness.Answer.Knows knows -> plain(409, "text/x.tlog.size", knows.size() + "\n");
                    case Witness.Answer.NotProven notProven -> plain(422, MediaType.TEXT_PLAIN, "");
                });
    }

    private static Response plain(int status, String type, String text) {
        return Response.status(status).type(type).entity(text).build();
    }

    /** For the watched log itself, before it opens: whoever asks learns how many events it has, as of every public log. */
    @GET
    @Path("/witness/last-checkpoints")
    @AccessTo(AccessTo.ANYONE)
    @SecurityRequirements
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "The last checkpoint of each life of a log that this service has cosigned")
    public Uni<String> lastCheckpoints(@QueryParam("log") @NotBlank String log) {
        return Witness.last(kernel.pool(), log).map(ProofResource::text);
    }

    @GET
    @Path("/witness/checkpoints")
    @AccessTo("proof.read")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "The checkpoints of a log that this service has cosigned, the youngest first")
    public Uni<String> checkpoints(@QueryParam("log") @NotBlank String log) {
        return Witness.checkpoints(kernel.pool(), log).map(ProofResource::text);
    }

    @GET
    @Path("/cosigned")
    @AccessTo("proof.read")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "The checkpoints of this log that its witnesses have cosigned, the youngest first")
    public Uni<String> cosigned() {
        return Witnessing.cosigned(kernel.pool()).map(ProofResource::text);
    }

    private static String text(List<Note> notes) {
        return notes.stream().map(Note::format).collect(Collectors.joining("\n"));
    }

    private LogTree tree() {
        return new LogTree(kernel.pool());
    }

    private Uni<LogTree.State> signed() {
        return tree().state()
                .map(state -> state.filter(found -> found.note() != null)
                        .orElseThrow(() -> Refusal.of("not-proven-yet").unknown()));
    }

    private static Note note(LogTree.State state) {
        Note note = state.note();
        if (note == null) {
            throw Refusal.of("not-proven-yet").unknown();
        }
        return note;
    }
}
