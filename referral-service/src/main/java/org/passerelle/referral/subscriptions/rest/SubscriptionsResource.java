package org.passerelle.referral.subscriptions.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
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
import org.passerelle.edge.Cursors;
import org.passerelle.edge.Reads;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.SubscriptionId;
import org.passerelle.referral.subscriptions.SubscriptionStream;
import org.passerelle.referral.subscriptions.SubscriptionStream.OpenSubscription;
import org.passerelle.referral.subscriptions.Subscriptions;
import org.passerelle.referral.subscriptions.Subscriptions.CloudEvent;
import org.passerelle.referral.subscriptions.Subscriptions.SubscriptionView;

/** Subscriptions of an organisation to the events that concern it. */
@Path("/subscriptions")
@Tag(name = "Subscriptions")
public class SubscriptionsResource {

    private static final String BATCH = "application/cloudevents-batch+json";

    @Inject
    Access access;

    @Inject
    Commands commands;

    @Inject
    Reads reads;

    @Inject
    Subscriptions subscriptions;

    @Inject
    Cursors cursors;

    @Inject
    Clock clock;

    /** @param name as its owners call it; no person's name */
    public record Opening(@NotBlank @Size(max = 100) String name) {}

    /** @param topic where the same events lie on Kafka */
    public record Opened(UUID subscriptionId, String topic, long version) {}

    @POST
    @AccessTo("subscription.open")
    @Operation(summary = "Open a subscription for one's own organisation, from now on")
    @APIResponse(
            responseCode = "201",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Opened.class)))
    public Uni<Response> open(@Valid @NotNull Opening request) {
        SubscriptionId id = new SubscriptionId(UUID.randomUUID());
        OpenSubscription command = new OpenSubscription(
                id,
                new OrganisationId(organisation()),
                request.name(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        return commands.create(
                SubscriptionStream.KIND,
                SubscriptionStream.of(id),
                command,
                request,
                handled -> Answer.created(
                        "/referral/subscriptions/" + id,
                        new Opened(id.value(), SubscriptionStream.topic(id), handled.version())));
    }

    /** The organisation's subscriptions. */
    public record SubscriptionList(List<SubscriptionView> subscriptions) {}

    @GET
    @AccessTo("subscription.read")
    @Operation(summary = "The subscriptions of one's own organisation")
    public Uni<SubscriptionList> list() {
        return subscriptions.of(organisation()).map(SubscriptionList::new);
    }

    @GET
    @Path("/{id}/events")
    @Produces(BATCH)
    @AccessTo("subscription.read")
    @Operation(
            summary = "The next events, as a CloudEvents batch, oldest first",
            description = "Ask again with after = the header Passerelle-Cursor of the last answer: whoever stops and"
                    + " comes back misses nothing. Without after: from the opening of the subscription.")
    public Uni<Response> events(
            @PathParam("id") UUID id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("100") @Min(1) @Max(1000) int limit) {
        String list = "subscription " + id;
        return subscriptions
                .beginning(id)
                .flatMap(beginning -> {
                    if (beginning == null
                            || !access.caller()
                                    .belongsTo(beginning.organisation().toString())) {
                        throw Access.unknown();
                    }
                    return cursors.open(list, after)
                            .flatMap(position -> subscriptions.events(
                                    beginning.organisation(),
                                    position == null ? beginning.startSeq() : Long.parseLong(position),
                                    limit));
                })
                .flatMap(page -> cursors.seal(list, Long.toString(page.last())).flatMap(next -> {
                    List<String> cases = page.events().stream()
                            .map(CloudEvent::subject)
                            .distinct()
                            .toList();
                    Response response = Response.ok(page.events())
                            .header("Passerelle-Cursor", next)
                            .header("Link", "<?after=" + next + ">; rel=\"next\"")
                            .header(HttpHeaders.CACHE_CONTROL, "no-store")
                            .build();
                    Uni<Response> answer = Uni.createFrom().item(response);
                    // a poll that finds nothing shows no case
                    return cases.isEmpty() ? answer : reads.recorded(access, cases, "codes", answer);
                }));
    }

    private UUID organisation() {
        String organisation = access.caller().organisation();
        if (organisation == null) {
            throw Access.unknown();
        }
        try {
            return UUID.fromString(organisation);
        } catch (IllegalArgumentException notAnId) {
            throw Access.unknown();
        }
    }
}
