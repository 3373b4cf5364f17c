package org.passerelle.identification.retaining.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Reads;
import org.passerelle.edge.Relation;
import org.passerelle.identification.caselist.CaseList;
import org.passerelle.identification.retaining.RetentionPolicy;

/** A dry run of retention: who would be erased, and why. It erases nobody: each erasure is asked for and approved. */
@Path("/retention")
@Tag(name = "Erasure")
@Produces(MediaType.APPLICATION_JSON)
public class RetentionResource {

    @Inject
    CountryRetention country;

    @Inject
    CaseList cases;

    @Inject
    Access access;

    @Inject
    Reads reads;

    /**
     * @param afterClosing the country's period, ISO 8601; left out where it has none: then nothing ends
     * @param legalBasis   the text it rests on
     * @param cases        whose time of keeping is over, those over longest first
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DryRun(
            @Nullable String afterClosing, @Nullable String legalBasis, List<Ended> cases) {}

    /**
     * @param endedOn the first day on which it need not be kept any more
     * @param held    a legal hold forbids its erasure
     */
    public record Ended(String caseCode, UUID ownerOrganisation, Instant closedAt, LocalDate endedOn, boolean held) {}

    /** A policy that says half of what it must is found out before anybody asks. */
    void start(@Observes StartupEvent started) {
        country.policy();
    }

    @GET
    @AccessTo("retention.read")
    @Operation(
            summary = "Who would be erased by the country's time of keeping, and why",
            description = "A dry run: ask for the erasure of each with reason retention-ended.")
    public Uni<DryRun> dryRun(@QueryParam("limit") @DefaultValue("200") @Min(1) @Max(1000) int limit) {
        boolean all = access.decide(Relation.COORDINATING).permitted();
        if (!all) {
            access.require(Relation.OWNING);
        }
        UUID owner = all ? null : organisation();
        Optional<RetentionPolicy> policy = country.policy();
        if (policy.isEmpty()) {
            return Uni.createFrom().item(new DryRun(null, null, List.of()));
        }
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return cases.closedBefore(owner, policy.get().keptSince(today), limit)
                .map(closed -> closed.stream()
                        .filter(one -> policy.get().over(one.closedAt(), today))
                        .map(one -> new Ended(
                                one.caseCode(),
                                one.owner(),
                                one.closedAt(),
                                policy.get().endsOn(one.closedAt()),
                                one.holds() > 0))
                        .toList())
                .call(ended ->
                        reads.record(access, ended.stream().map(Ended::caseCode).toList(), "retention"))
                .map(ended -> new DryRun(
                        policy.get().afterClosing().toString(), policy.get().legalBasis(), ended));
    }

    private UUID organisation() {
        String organisation = access.caller().organisation();
        if (organisation == null) {
            throw Access.unknown();
        }
        return UUID.fromString(organisation);
    }
}
