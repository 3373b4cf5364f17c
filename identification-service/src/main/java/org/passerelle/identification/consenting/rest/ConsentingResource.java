package org.passerelle.identification.consenting.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Commands;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.identification.casefile.CaseCommand.RecordConsent;
import org.passerelle.identification.casefile.CaseCommand.WithdrawConsent;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.codes.Country;
import org.passerelle.identification.codes.Language;
import org.passerelle.identification.codes.OrganisationId;
import org.passerelle.identification.consenting.Consent;
import org.passerelle.identification.consenting.ConsentId;
import org.passerelle.identification.consenting.Scope;
import org.passerelle.identification.handingover.Fact;
import org.passerelle.identification.handingover.Terms;
import org.passerelle.identification.reading.CaseAccess;

/** What the person agrees to, and takes back. */
@Path("/cases/{caseCode}/consents")
@Tag(name = "Consent")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ConsentingResource {

    @Inject
    CaseAccess admission;

    @Inject
    Commands commands;

    /**
     * @param validUntil leave it out for a consent without end
     * @param handOver   only in a consent to a hand-over to another country's mechanism, which is a consent of its own:
     *     scope cross-border and no recipient of this mechanism
     */
    public record ConsentGiven(
            @NotEmpty Set<@NotNull Scope> scopes,
            @NotNull @Valid Recipients recipients,
            @NotNull @Valid WithheldFrom withheldFrom,
            @Nullable Instant validUntil,
            Consent.@NotNull ObtainedFrom obtainedFrom,
            @NotNull Language language,
            @Nullable @Valid HandOver handOver) {}

    /**
     * @param to    the country whose mechanism may be told
     * @param facts what it may be told
     */
    public record HandOver(@NotNull Country to, @NotEmpty Set<@NotNull Fact> facts) {}

    /** @param any every organisation of the mechanism; otherwise name them */
    public record Recipients(
            @NotNull Boolean any,
            @Nullable @Size(max = 1000) Set<@NotNull OrganisationId> organisations) {}

    public record WithheldFrom(
            @NotNull Boolean authorities,
            @Nullable @Size(max = 1000) Set<@NotNull OrganisationId> organisations) {}

    public record ConsentRecorded(ConsentId consentId, long version) {}

    @POST
    @AccessTo("case.consent")
    @Operation(summary = "Record a consent: what may be shared, with whom, from whom it is withheld, until when")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = ConsentRecorded.class)))
    public Uni<Response> record(String caseCode, @Valid @NotNull ConsentGiven request) {
        ConsentId id = new ConsentId(UUID.randomUUID());
        RecordConsent command = new RecordConsent(consent(id, request));
        return admission
                .admit(caseCode)
                .chain(admitted -> commands.add(
                        CaseStream.KIND,
                        CaseStream.of(admitted.code()),
                        command,
                        request,
                        handled -> Answer.created(
                                "/identification/cases/" + admitted.code() + "/consents/" + id,
                                new ConsentRecorded(id, handled.version()))));
    }

    @POST
    @Path("/{consentId}/withdrawal")
    @AccessTo("case.consent")
    @Operation(summary = "Record that the person takes a consent back; it reaches everybody who received data")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = ConsentRecorded.class)))
    public Uni<Response> withdraw(String caseCode, String consentId, @Nullable Withdrawal request) {
        ConsentId id = consentId(consentId);
        WithdrawConsent command = new WithdrawConsent(id, Instant.now().truncatedTo(ChronoUnit.MILLIS));
        return admission
                .admit(caseCode)
                .chain(admitted -> commands.change(
                        CaseStream.KIND,
                        CaseStream.of(admitted.code()),
                        command,
                        new Withdrawal(),
                        handled -> new Answer(201, null, new ConsentRecorded(id, handled.version()))));
    }

    /** Nothing needs saying: nobody has to give a reason. */
    public record Withdrawal() {}

    private static ConsentId consentId(String text) {
        try {
            return ConsentId.of(text);
        } catch (IllegalArgumentException malformed) {
            throw Refusal.of("consent-unknown").field("consentId").unknown();
        }
    }

    private static Consent consent(ConsentId id, ConsentGiven given) {
        return new Consent(
                id,
                given.scopes(),
                new Consent.Recipients(
                        given.recipients().any(), orNone(given.recipients().organisations())),
                new Consent.WithheldFrom(
                        given.withheldFrom().authorities(),
                        orNone(given.withheldFrom().organisations())),
                given.validUntil(),
                given.obtainedFrom(),
                given.language(),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                given.handOver() == null
                        ? null
                        : new Terms(given.handOver().to(), given.handOver().facts()));
    }

    private static Set<OrganisationId> orNone(@Nullable Set<OrganisationId> organisations) {
        return organisations == null ? Set.of() : organisations;
    }
}
