package org.passerelle.referral.investigating.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
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
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Recorded;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.investigating.EvidenceKind;
import org.passerelle.referral.investigating.Exploitation;
import org.passerelle.referral.investigating.InvestigationCommand;
import org.passerelle.referral.investigating.InvestigationCommand.ConfirmEvidence;
import org.passerelle.referral.investigating.InvestigationCommand.HandOverEvidence;
import org.passerelle.referral.investigating.InvestigationCommand.ReportJustice;
import org.passerelle.referral.investigating.InvestigationEvent;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceHandedOver;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceItem;
import org.passerelle.referral.investigating.InvestigationEvent.EvidenceReceived;
import org.passerelle.referral.investigating.InvestigationEvent.JusticeReported;
import org.passerelle.referral.investigating.InvestigationReason;
import org.passerelle.referral.investigating.InvestigationStream;
import org.passerelle.referral.investigating.JusticeStep;
import org.passerelle.referral.referring.CaseConsents;
import org.passerelle.referral.referring.Countries;
import org.passerelle.referral.referring.CountryClocks;
import org.passerelle.referral.referring.Offer;
import org.passerelle.referral.referring.Referral;
import org.passerelle.referral.referring.ReferralCommand;
import org.passerelle.referral.referring.ReferralEvent;
import org.passerelle.referral.referring.ReferralStream;
import org.passerelle.referral.referring.Request;
import org.passerelle.referral.referring.rest.Changing;
import org.passerelle.referral.referring.rest.Relations;
import org.passerelle.referral.routing.ConsentTerms;

/** What the police say of a referral to them, and what they are handed. */
@Path("/referrals")
@Tag(name = "Investigations")
public class InvestigationResource {

    @Inject
    Access access;

    @Inject
    Changing changing;

    @Inject
    Commands commands;

    @Inject
    Reads reads;

    @Inject
    EventStore store;

    @Inject
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals;

    @Inject
    CaseConsents consents;

    @Inject
    Countries countries;

    @Inject
    Pool pool;

    @Inject
    Clock clock;

    /**
     * A referral to the police, and what may be said to them now.
     *
     * @param mayHear by consent or by a duty to report, and not withheld from them
     */
    private record Found(Request request, OrganisationId police, boolean withheld, boolean mayHear) {}

    /**
     * @param reason where it is refused or discontinued, and only there
     * @param forms what it is about, where that may be told
     */
    public record JusticeReport(
            @NotNull JusticeStep step,
            @Nullable InvestigationReason reason,
            @Nullable @Size(max = 20) List<Exploitation> forms) {}

    /** @param state the step that was told last, or {@code unanswered} */
    public record InvestigationAnswer(UUID referralId, String state, long version) {}

    @POST
    @Path("/{id}/investigation")
    @AccessTo("investigation.report")
    @Operation(
            summary = "Say whether the police investigate, that they still do, and what came of it",
            description = "investigation (told again while it goes on), refused, prosecution, conviction, acquittal,"
                    + " discontinued. The sender sees it at once; while it goes on its silence is told to the police,"
                    + " their supervisor, the coordination.")
    public Uni<Response> report(@PathParam("id") UUID id, @Valid @NotNull JusticeReport request) {
        return asPolice(id).flatMap(found -> {
            CountryClocks country = found.request().country();
            return add(
                    id,
                    new ReportJustice(
                            found.request().about(),
                            found.police(),
                            found.request().reportedUnder(),
                            request.step(),
                            request.reason(),
                            request.forms() == null ? List.of() : request.forms(),
                            (country == null ? countries.of(found.request().place()) : country)
                                    .offers()
                                    .report(),
                            now()),
                    request);
        });
    }

    /** So many things of a kind. */
    public record EvidenceLine(
            @NotNull EvidenceKind kind, @Min(1) @Max(9999) int count) {}

    /** @param list an id of the sender's choice: the same list sent twice is one */
    public record EvidenceList(
            @NotNull UUID list, @NotEmpty @Size(max = 20) List<@Valid @NotNull EvidenceLine> items) {}

    @POST
    @Path("/{id}/investigation/evidence")
    @AccessTo("investigation.evidence")
    @Operation(
            summary = "Hand a list of evidence over to the police that have the referral",
            description = "Kinds and numbers, never what is in it. Only while the person agrees, or a duty to report"
                    + " holds, and nothing is withheld from them.")
    public Uni<Response> handOver(@PathParam("id") UUID id, @Valid @NotNull EvidenceList request) {
        return changing.known(id).flatMap(referral -> {
            Relations.best(access, referral);
            return found(id)
                    .flatMap(found -> add(
                            id,
                            new HandOverEvidence(
                                    found.request().about(),
                                    found.police(),
                                    request.list(),
                                    request.items().stream()
                                            .map(line -> new EvidenceItem(line.kind(), line.count()))
                                            .toList(),
                                    found.mayHear(),
                                    now()),
                            request));
        });
    }

    /** The list that was received. */
    public record EvidenceReceipt(@NotNull UUID list) {}

    @POST
    @Path("/{id}/investigation/evidence/receipt")
    @AccessTo("investigation.report")
    @Operation(summary = "Confirm that the police have what a list says")
    public Uni<Response> confirm(@PathParam("id") UUID id, @Valid @NotNull EvidenceReceipt request) {
        return asPolice(id)
                .flatMap(found -> add(
                        id,
                        new ConfirmEvidence(found.request().about(), found.police(), request.list(), now()),
                        request));
    }

    /** One report of the police. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ReportView(
            JusticeStep step,
            @Nullable InvestigationReason reason,
            List<Exploitation> forms,
            @Nullable Instant reportBy,
            Instant at) {}

    /** @param receivedAt left out where the police have not confirmed it */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record EvidenceView(
            UUID list,
            List<EvidenceItem> items,
            Instant handedOverAt,
            @Nullable Instant receivedAt) {}

    /**
     * @param state the step that the police that have it now told last, or {@code unanswered}
     * @param reportedUnder the country pack whose text of law had the person reported; left out where they agreed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record InvestigationView(
            UUID referralId,
            String caseCode,
            UUID police,
            String state,
            @Nullable String reportedUnder,
            List<ReportView> reports,
            List<EvidenceView> evidence,
            long version) {}

    @GET
    @Path("/{id}/investigation")
    @AccessTo("investigation.read")
    @Operation(summary = "What the police told of a referral to them, oldest first, and what they were handed")
    public Uni<InvestigationView> investigation(@PathParam("id") UUID id) {
        return changing.known(id).flatMap(referral -> {
            Relations.Permitted permitted = Relations.best(access, referral);
            Uni<InvestigationView> read = found(id).flatMap(found -> {
                hideFromOtherPolice(permitted.relation(), found);
                return store.history(InvestigationStream.KIND, InvestigationStream.of(new ReferralId(id)))
                        .map(events -> view(found, events, isPolice(permitted.relation())));
            });
            return reads.recorded(
                    access,
                    List.of(referral.caseCode()),
                    permitted.decision().mask().name().toLowerCase(java.util.Locale.ROOT),
                    read);
        });
    }

    private Uni<Found> asPolice(UUID id) {
        return changing.known(id).flatMap(referral -> {
            Relation relation = Relations.best(access, referral).relation();
            return found(id).invoke(found -> hideFromOtherPolice(relation, found));
        });
    }

    /**
     * What the person withheld from authorities, or from this force, the police do not know of, whatever they do; nor does
     * a force that passed the referral on know what another makes of it.
     */
    private void hideFromOtherPolice(Relation relation, Found found) {
        if (isPolice(relation)
                && (found.withheld() || !found.police().value().equals(Relations.organisation(access.caller())))) {
            throw Access.unknown();
        }
    }

    private static boolean isPolice(Relation relation) {
        return relation == Relation.PROVIDING || relation == Relation.HAS_PROVIDED;
    }

    private Uni<Found> found(UUID id) {
        return store.load(referrals, ReferralStream.of(new ReferralId(id))).flatMap(loaded -> {
            Referral.Course course = Referral.course(loaded.state());
            Request request = course.request();
            if (request.service() != ServiceType.POLICE) {
                throw Refusal.of("not-to-the-police");
            }
            OrganisationId police = course.offers().stream()
                    .filter(offer -> offer.standing() == Offer.Standing.ACCEPTED)
                    .map(Offer::organisation)
                    .findFirst()
                    .orElseThrow(() -> Refusal.of("referral-not-accepted"));
            return consents.of(pool, request.caseCode(), now()).map(terms -> found(request, police, terms));
        });
    }

    private static Found found(Request request, OrganisationId police, ConsentTerms terms) {
        boolean withheld =
                terms.withheldFromAuthorities() || terms.withheldFrom().contains(police);
        boolean agreed = terms.services()
                && terms.authorities()
                && (terms.any() || terms.recipients().contains(police));
        return new Found(request, police, withheld, !withheld && (agreed || request.reportedUnder() != null));
    }

    private Uni<Response> add(UUID id, InvestigationCommand command, Object body) {
        return commands.add(
                InvestigationStream.KIND,
                InvestigationStream.of(new ReferralId(id)),
                command,
                body,
                handled -> Answer.ok(
                        new InvestigationAnswer(id, state(handled.state().step()), handled.version())));
    }

    private static String state(@Nullable JusticeStep step) {
        return step == null ? "unanswered" : step.code();
    }

    /** @param toPolice a force reads what it told and was handed itself, not what one before it did */
    private static InvestigationView view(Found found, List<Recorded<InvestigationEvent>> events, boolean toPolice) {
        List<InvestigationEvent> told = events.stream().map(Recorded::event).toList();
        List<JusticeReported> reported = told.stream()
                .filter(JusticeReported.class::isInstance)
                .map(JusticeReported.class::cast)
                .toList();
        List<JusticeReported> theirs = reported.stream()
                .filter(one -> one.police().equals(found.police()))
                .toList();
        List<ReportView> reports = (toPolice ? theirs : reported)
                .stream()
                        .map(one -> new ReportView(one.step(), one.reason(), one.forms(), one.reportBy(), one.at()))
                        .toList();
        List<EvidenceView> evidence = told.stream()
                .filter(EvidenceHandedOver.class::isInstance)
                .map(EvidenceHandedOver.class::cast)
                .filter(one -> !toPolice || one.police().equals(found.police()))
                .map(one -> new EvidenceView(one.list(), one.items(), one.at(), receivedAt(told, one.list())))
                .toList();
        return new InvestigationView(
                found.request().referral().value(),
                found.request().caseCode().value(),
                found.police().value(),
                state(theirs.isEmpty() ? null : theirs.getLast().step()),
                found.request().reportedUnder(),
                reports,
                evidence,
                told.size());
    }

    private static @Nullable Instant receivedAt(List<InvestigationEvent> told, UUID list) {
        return told.stream()
                .filter(one -> one instanceof EvidenceReceived received
                        && received.list().equals(list))
                .map(InvestigationEvent::at)
                .findFirst()
                .orElse(null);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
