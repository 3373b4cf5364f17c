package org.passerelle.edge.sample;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Reads;
import org.passerelle.edge.Retiring;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.ExpectedVersion;
import org.passerelle.eventsourcing.StreamAppend;

@Path("/jars")
public class JarResource {

    @Inject
    Commands commands;

    @Inject
    EventStore store;

    @Inject
    Access access;

    @Inject
    Reads reads;

    public record Weight(@NotNull @Min(1) Integer grams) {}

    public record Coin(@NotBlank String colour, @Valid Weight weight, java.util.Set<String> marks) {}

    public record Count(int coins) {}

    @POST
    @Path("/{jar}")
    @AccessTo("operations.republish")
    public Uni<Response> create(String jar, @Valid @NotNull Coin coin) {
        return commands.create(
                Jar.KIND,
                Jar.KIND.stream(jar),
                new Jar.AddCoin(coin.colour()),
                coin,
                handled -> Answer.created(
                        "/sample/jars/" + jar, new Count(handled.state().coins())));
    }

    @POST
    @Path("/{jar}/coins")
    @AccessTo("operations.republish")
    public Uni<Response> add(String jar, @Valid @NotNull Coin coin) {
        return commands.add(
                Jar.KIND,
                Jar.KIND.stream(jar),
                new Jar.AddCoin(coin.colour()),
                coin,
                handled -> Answer.ok(new Count(handled.state().coins())));
    }

    @POST
    @Path("/{jar}/change")
    @AccessTo("operations.republish")
    public Uni<Response> change(String jar, @Valid @NotNull Coin coin) {
        return commands.change(
                Jar.KIND,
                Jar.KIND.stream(jar),
                new Jar.AddCoin(coin.colour()),
                coin,
                handled -> Answer.ok(new Count(handled.state().coins())));
    }

    @GET
    @Path("/{jar}")
    @AccessTo("operations.audit")
    public Uni<Count> read(String jar) {
        return reads.recorded(
                access,
                List.of(jar),
                "coins",
                store.load(Jar.KIND, Jar.KIND.stream(jar))
                        .map(loaded -> new Count(loaded.state().coins())));
    }

    /** Several at once, as a list would. */
    @GET
    @AccessTo("operations.audit")
    public Uni<Count> list(@QueryParam("names") String names) {
        List<String> jars = List.of(names.split(",", -1));
        return reads.recorded(access, jars, "coins", Uni.createFrom().item(new Count(jars.size())));
    }

    @GET
    @Path("/{jar}/broken")
    @AccessTo("operations.audit")
    public Uni<Count> broken(String jar) {
        return Uni.createFrom().failure(new IllegalStateException("Aline Ndayizeye"));
    }

    /** As if the jar had been made between the look at it and the append. */
    @POST
    @Path("/{jar}/import")
    @AccessTo("operations.republish")
    public Uni<Response> importJar(String jar, @Valid @NotNull Coin coin) {
        Uni<List<StreamAppend>> appends = Uni.createFrom()
                .item(List.of(Jar.KIND.append(
                        Jar.KIND.stream(jar), ExpectedVersion.none(), List.of(new Jar.CoinAdded(coin.colour())))));
        return commands.append(coin, appends, made -> made, made -> Answer.ok(new Count(made.size())));
    }

    @GET
    @Path("/{jar}/public")
    @AccessTo(AccessTo.ANYONE)
    @Retiring(since = "2026-11-22", gone = "2027-06-30")
    @Operation(deprecated = true)
    @SecurityRequirements
    public Count forAll(String jar) {
        return new Count(0);
    }

    /** Denied to everybody: it names no action. */
    @GET
    @Path("/{jar}/forgotten")
    public Uni<Count> forgotten(String jar) {
        return Uni.createFrom().item(new Count(0));
    }
}
