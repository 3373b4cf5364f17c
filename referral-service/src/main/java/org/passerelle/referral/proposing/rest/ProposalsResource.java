package org.passerelle.referral.proposing.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Reads;
import org.passerelle.edge.Relation;
import org.passerelle.referral.proposing.ProposalAnswer;
import org.passerelle.referral.proposing.ProposalRefusal;
import org.passerelle.referral.proposing.ProposalStream;
import org.passerelle.referral.proposing.ProposalStream.ProposalCommand.AnswerProposal;
import org.passerelle.referral.proposing.Proposals;
import org.passerelle.referral.proposing.Proposals.ProposalView;
import org.passerelle.referral.referring.rest.Changing;
import org.passerelle.referral.referring.rest.Relations;

/** Counter-referrals and onward referrals, for those who made them and those who answer. */
@Path("/proposals")
@Tag(name = "Proposals")
public class ProposalsResource {

    @Inject
    Access access;

    @Inject
    Reads reads;

    @Inject
    Changing changing;

    @Inject
    Commands commands;

    @Inject
    Proposals proposals;

    @Inject
    Clock clock;

    /** The proposals. */
    public record ProposalList(List<ProposalView> proposals) {}

    @GET
    @AccessTo("proposal.list")
    @Operation(
            summary = "Counter-referrals and onward referrals, the oldest first",
            description =
                    "side: to us (default) or by us; for the coordination all. open=true: only those that wait for the"
                            + " sender's answer.")
    public Uni<ProposalList> list(
            @QueryParam("side") @DefaultValue("to") String side,
            @QueryParam("open") @DefaultValue("false") boolean open,
            @QueryParam("limit") @DefaultValue("100") @Min(1) @Max(500) int limit) {
        boolean all = access.decide(Relation.COORDINATING).permitted();
        boolean by =
                !all && (side.equals("by") || !access.decide(Relation.OWNING).permitted());
        if (!all) {
            access.require(by ? Relation.PROVIDING : Relation.OWNING);
        }
        UUID ours = all ? null : Relations.organisation(access.caller());
        return proposals
                .list(
                        by ? null : ours,
                        by ? ours : null,
                        access.caller().organisationId(),
                        access.caller().authority(),
                        open,
                        limit)
                .flatMap(found -> reads.recorded(
                        access,
                        found.stream().map(ProposalView::caseCode).distinct().toList(),
                        "codes",
                        Uni.createFrom().item(new ProposalList(found))));
    }

    /** @param reason of a refusal, and only of one */
    public record SendersAnswer(
            @NotNull ProposalAnswer answer, @Nullable ProposalRefusal reason) {}

    /** What was said. */
    public record Answered(UUID proposalId, ProposalAnswer answer) {}

    @POST
    @Path("/{id}/answer")
    @AccessTo("proposal.answer")
    @Operation(
            summary = "Acknowledge a counter-referral; say yes or no to an onward referral",
            description =
                    "After a yes the need is stated and routed by itself; it and its referral have the proposal's id.")
    public Uni<Response> answer(@PathParam("id") UUID id, @Valid @NotNull SendersAnswer request) {
        return proposals.one(id).flatMap(proposal -> {
            if (proposal == null) {
                throw Access.unknown();
            }
            return changing.known(proposal.referralId()).flatMap(referral -> {
                Relations.best(access, referral);
                return commands.add(
                        ProposalStream.KIND,
                        ProposalStream.of(id),
                        new AnswerProposal(
                                request.answer(),
                                request.reason(),
                                clock.instant().truncatedTo(ChronoUnit.MILLIS)),
                        request,
                        handled -> Answer.ok(new Answered(id, request.answer())));
            });
        });
    }
}
