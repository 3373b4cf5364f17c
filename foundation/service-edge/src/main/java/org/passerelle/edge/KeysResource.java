package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.sealing.DataKeys;
import org.passerelle.eventsourcing.sealing.KeyEncryption;
import org.passerelle.eventsourcing.sealing.KeysUnavailable;

/** What wraps the data keys of this service, for operators; no key is ever told. */
@Path("/operations/keys")
@Tag(name = "Operations")
public class KeysResource {

    @Inject
    DataKeys keys;

    @Inject
    KeyEncryption encryption;

    @GET
    @AccessTo("operations.keys")
    @Operation(summary = "How many data keys are wrapped by which key-encryption key")
    public Uni<DataKeys.Status> status() {
        return keys.status();
    }

    @POST
    @Path("/rotate")
    @AccessTo("operations.keys")
    @Operation(
            summary = "Add a key-encryption key to the key file",
            description =
                    "Data keys are wrapped anew within a minute; no event is touched. Where a key management keeps"
                            + " the key it is rotated there (409 here).")
    public Uni<DataKeys.Status> rotate() {
        return Uni.createFrom()
                .item(() -> {
                    encryption.rotate();
                    return true;
                })
                .onFailure(failure ->
                        failure instanceof UnsupportedOperationException || failure instanceof KeysUnavailable)
                .transform(failure -> Refusal.of("not-rotated-here").conflict())
                .flatMap(rotated -> keys.status());
    }
}
