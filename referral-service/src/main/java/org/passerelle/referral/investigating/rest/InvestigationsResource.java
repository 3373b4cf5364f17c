package org.passerelle.referral.investigating.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Reads;
import org.passerelle.edge.Relation;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.investigating.Investigations;
import org.passerelle.referral.referring.rest.Relations;

/** Which referrals to the police there are, and who of the police has not answered. */
@Path("/investigations")
@Tag(name = "Investigations")
public class InvestigationsResource {

    private static final Set<String> STATES = Set.of(
            "unanswered",
            "withheld",
            "investigation",
            "refused",
            "prosecution",
            "conviction",
            "acquittal",
            "discontinued");

    @Inject
    Access access;

    @Inject
    Reads reads;

    @Inject
    Investigations investigations;

    /** The referrals to the police. */
    public record InvestigationPage(List<Investigations.Line> investigations) {}

    @GET
    @AccessTo("investigation.list")
    @Operation(
            summary = "Every referral to the police and what became of it, the oldest first",
            description =
                    "state: unanswered (the police have not said whether they investigate), withheld (the person did"
                            + " not want it), investigation, refused, prosecution, conviction, acquittal or discontinued. Those that"
                            + " the caller's organisation sent, or has as police; for the coordination all.")
    public Uni<InvestigationPage> list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("limit") @DefaultValue("100") @Min(1) @Max(500) int limit) {
        if (state != null && !STATES.contains(state)) {
            throw Refusal.of("unknown-state").invalid().field("state");
        }
        UUID ours = access.caller().organisationId();
        boolean all = access.decide(Relation.COORDINATING).permitted();
        boolean police = !all && access.decide(Relation.PROVIDING).permitted();
        if (!all && !police) {
            access.require(Relation.OWNING);
        }
        boolean sender = !all && access.decide(Relation.OWNING).permitted();
        return investigations
                .list(
                        sender ? Relations.organisation(access.caller()) : null,
                        police ? Relations.organisation(access.caller()) : null,
                        ours,
                        state,
                        limit)
                .flatMap(lines -> reads.recorded(
                        access,
                        lines.stream()
                                .map(Investigations.Line::caseCode)
                                .distinct()
                                .toList(),
                        "codes",
                        Uni.createFrom().item(new InvestigationPage(lines))));
    }
}
