package org.passerelle.referral.proposing.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
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
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.codes.Urgency;
import org.passerelle.referral.proposing.ProposalEvent.ProposalMade;
import org.passerelle.referral.proposing.ProposalKind;
import org.passerelle.referral.proposing.ProposalStream;
import org.passerelle.referral.proposing.ProposalStream.ProposalCommand.MakeProposal;
import org.passerelle.referral.proposing.Proposals;
import org.passerelle.referral.referring.About;
import org.passerelle.referral.referring.Countries;
import org.passerelle.referral.referring.Outcome;
import org.passerelle.referral.referring.rest.Changing;
import org.passerelle.referral.referring.rest.Relations;

/** Whoever gives a service sends the person back to the sender, or asks for another service. */
@Path("/referrals")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Proposals")
public class MakingProposalsResource {

    @Inject
    Access access;

    @Inject
    Changing changing;

    @Inject
    Commands commands;

    @Inject
    Proposals proposals;

    @Inject
    Countries countries;

    @Inject
    Clock clock;

    /**
     * @param outcome what came of the service; with a counter-referral, and only with one
     * @param needs what is still needed: one service for an onward referral
     * @param urgency of what is needed; normal when left out
     */
    public record ProposalToSender(
            @NotNull ProposalKind kind,
            @Nullable Outcome outcome,
            @NotNull @Size(max = 10) List<@NotNull ServiceType> needs,
            @Nullable Urgency urgency) {}

    /** @param answerBy when the sender is to have answered */
    public record Proposed(UUID proposalId, Instant answerBy) {}

    @POST
    @Path("/{id}/proposals")
    @AccessTo("proposal.make")
    @Operation(
            summary = "Send the person back to the sender, or propose to refer them onward",
            description =
                    "Both sides see it. The sender acknowledges a counter-referral; to an onward referral they say yes"
                            + " or no, and after a yes the need is stated and routed by itself, under the consents there are, with"
                            + " its clock from the proposal. At most 20 of a referral wait for an answer.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Proposed.class)))
    public Uni<Response> propose(@PathParam("id") UUID id, @Valid @NotNull ProposalToSender request) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        UUID proposal = UUID.randomUUID();
        return changing.known(id).flatMap(referral -> {
            Relations.best(access, referral);
            About about = referral.about();
            Urgency urgency = request.urgency() == null ? Urgency.NORMAL : request.urgency();
            ProposalMade made = new ProposalMade(
                    proposal,
                    about,
                    new OrganisationId(Relations.organisation(access.caller())),
                    request.kind(),
                    request.outcome(),
                    request.needs(),
                    urgency,
                    about.place(),
                    now.plus(countries.of(about.place()).offers().of(urgency)),
                    now);
            return proposals
                    .open(id)
                    .flatMap(open -> commands.create(
                            ProposalStream.KIND,
                            ProposalStream.of(proposal),
                            new MakeProposal(made, open),
                            request,
                            handled -> Answer.created(
                                    "/referral/referrals/" + id, new Proposed(proposal, made.answerBy()))));
        });
    }
}
