package org.passerelle.referral.referring.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Reads;
import org.passerelle.edge.Relation;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Recorded;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.LinkEnd;
import org.passerelle.referral.referring.LinkView;
import org.passerelle.referral.referring.Links;
import org.passerelle.referral.referring.Referral;
import org.passerelle.referral.referring.ReferralCommand;
import org.passerelle.referral.referring.ReferralCommand.IssueLink;
import org.passerelle.referral.referring.ReferralCommand.RevokeLink;
import org.passerelle.referral.referring.ReferralEvent;
import org.passerelle.referral.referring.ReferralStream;

/** Links for an organisation without accounts: issued and revoked by the sender. */
@Path("/referrals/{id}/links")
@Tag(name = "Links")
public class LinksResource {

    @Inject
    Access access;

    @Inject
    Changing changing;

    @Inject
    Commands commands;

    @Inject
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals;

    @Inject
    Links links;

    @Inject
    EventStore store;

    @Inject
    Reads reads;

    @Inject
    Clock clock;

    /** How long a link opens anything, before whoever has it gives the service. */
    @ConfigProperty(name = "passerelle.links.life")
    Duration life;

    @ConfigProperty(name = "quarkus.http.root-path")
    String root;

    /**
     * @param path of the page, under the address of the installation; to be sent to the organisation
     * @param code to be told by telephone, never with the link
     */
    public record IssuedLink(UUID linkId, String path, String code, Instant until) {

        @Override
        public String toString() {
            return "IssuedLink[" + linkId + "]";
        }
    }

    @POST
    @AccessTo("referral.link")
    @Operation(
            summary = "A link for whoever is asked, or gives the service, and has no account",
            description =
                    "It shows the redacted summary, takes the answer and the report, and opens with a code that is"
                            + " told by telephone. Every look is recorded.")
    public Uni<Response> issue(@PathParam("id") UUID id, @Valid @NotNull ProgressResource.Said request) {
        Links.Secret secret = links.secret();
        UUID link = UUID.randomUUID();
        Instant now = now();
        Instant until = now.plus(life);
        IssueLink command = new IssueLink(link, secret.tokenHash(), secret.codeHash(), until, now);
        return changing.known(id).flatMap(referral -> {
            Relations.require(access, referral, Relation.OWNING);
            return commands.change(
                    referrals,
                    ReferralStream.of(new ReferralId(id)),
                    command,
                    request,
                    handled -> Answer.ok(new IssuedLink(
                            link,
                            root + "/links/" + secret.token(),
                            secret.code(),
                            Referral.course(handled.state())
                                    .link(link)
                                    .map(Referral.Link::until)
                                    .orElse(until))));
        });
    }

    /** The links of a referral, oldest first. */
    public record LinkList(UUID referralId, List<LinkView> links) {}

    @GET
    @AccessTo("referral.link")
    @Operation(
            summary = "The links of a referral: until when, when somebody looked last, and why one ended",
            description = "So that a colleague can revoke one that went to the wrong address, or send a new one where"
                    + " wrong codes closed it (task link-closed). Never what opens them.")
    public Uni<LinkList> list(@PathParam("id") UUID id) {
        return changing.known(id).flatMap(referral -> {
            Relations.require(access, referral, Relation.OWNING);
            StreamId stream = ReferralStream.of(new ReferralId(id));
            Uni<LinkList> read = store.load(referrals, stream)
                    .flatMap(loaded -> store.history(referrals, stream)
                            .map(events -> new LinkList(
                                    id,
                                    LinkView.of(
                                            events.stream().map(Recorded::event).toList(), loaded.state(), now()))));
            return reads.recorded(access, List.of(referral.caseCode()), "codes", read);
        });
    }

    /** The link to revoke. */
    public record Revocation(@NotNull UUID linkId) {}

    @POST
    @Path("/revocation")
    @AccessTo("referral.link")
    @Operation(summary = "Revoke a link: it opens nothing any more")
    public Uni<Response> revoke(@PathParam("id") UUID id, @Valid @NotNull Revocation request) {
        return changing.known(id).flatMap(referral -> {
            Relations.require(access, referral, Relation.OWNING);
            return changing.change(
                    id, new RevokeLink(request.linkId(), LinkEnd.REVOKED, Party.REQUESTER, now()), request);
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
