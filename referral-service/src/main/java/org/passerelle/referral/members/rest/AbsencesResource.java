package org.passerelle.referral.members.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
import org.passerelle.edge.Caller;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Relation;
import org.passerelle.edge.Role;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.members.Absence;
import org.passerelle.referral.members.Account;
import org.passerelle.referral.members.Membership;
import org.passerelle.referral.members.MembershipCommand;
import org.passerelle.referral.members.MembershipStream;

/** Who of an organisation is away, and who covers them: told to its own people only. */
@Path("/directory/organisations/{id}/absences")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Absences", description = "Who of an organisation is away, and who has their referrals meanwhile")
public class AbsencesResource {

    @Inject
    EventStore store;

    @Inject
    Commands commands;

    @Inject
    Access access;

    @Inject
    Clock clock;

    /** @param issuer of the account; one's own when left out */
    public record Colleague(
            @Nullable @Size(max = 500) String issuer,
            @NotBlank @Size(max = 255) String subject) {}

    /**
     * One at a time: it takes the place of any that was declared for the account before. One that has begun is changed or
     * ended; the next can be declared when it is over.
     *
     * @param issuer  of the account; one's own when left out
     * @param subject whose absence it is; one's own when left out
     * @param from    now when left out
     * @param cover   who has their referrals meanwhile; when left out these return to the inbox
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Declaration(
            @Nullable @Size(max = 500) String issuer,
            @Nullable @Size(min = 1, max = 255) String subject,
            @Nullable Instant from,
            @NotNull Instant until,
            @Nullable @Valid Colleague cover) {}

    /** @param subject whose absence ends; one's own when left out */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Back(
            @Nullable @Size(max = 500) String issuer,
            @Nullable @Size(min = 1, max = 255) String subject) {}

    /**
     * An absence that is not over.
     *
     * @param begun whether it has
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AbsenceView(
            String issuer,
            String subject,
            Instant from,
            Instant until,
            boolean begun,
            @Nullable Colleague cover) {

        static AbsenceView of(Account account, Absence absence, Instant now) {
            Account cover = absence.cover();
            return new AbsenceView(
                    account.issuer(),
                    account.subject(),
                    absence.from(),
                    absence.until(),
                    absence.at(now),
                    cover == null ? null : new Colleague(cover.issuer(), cover.subject()));
        }
    }

    /**
     * @param absences  those that are not over, the first to begin first
     * @param colleagues who can cover somebody: on record, with a role that may have referrals
     */
    public record AbsenceList(UUID organisation, List<AbsenceView> absences, List<Colleague> colleagues, long version) {

        static AbsenceList of(UUID organisation, Membership membership, long version, Instant now) {
            return new AbsenceList(
                    organisation,
                    membership.absences().entrySet().stream()
                            .filter(one -> !one.getValue().isOver(now))
                            .sorted(Map.Entry.comparingByValue(Comparator.comparing(Absence::from)))
                            .map(one -> AbsenceView.of(one.getKey(), one.getValue(), now))
                            .toList(),
                    membership.members().keySet().stream()
                            .filter(membership::canCover)
                            .map(one -> new Colleague(one.issuer(), one.subject()))
                            .toList(),
                    version);
        }
    }

    @GET
    @AccessTo("absence.read")
    @Operation(summary = "Who of one's own organisation is away or will be, and who covers them")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = AbsenceList.class)))
    public Uni<Response> absences(@PathParam("id") UUID id) {
        OrganisationId organisation = own(id);
        return store.load(MembershipStream.of(organisation), MembershipStream.stream(organisation))
                .map(loaded -> Response.ok(AbsenceList.of(id, loaded.state(), loaded.version(), now()))
                        .header(HttpHeaders.ETAG, Commands.etag(loaded.version()))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    @POST
    @AccessTo("absence.declare")
    @Operation(
            summary = "Say that one will be away, or a supervisor that somebody is",
            description = "When it begins, the referrals that the account has claimed pass to the cover, a colleague on"
                    + " record who may have referrals; or return to the organisation's inbox where none is named, or they are"
                    + " away too. Nothing moves back by itself. Said again, it is changed: If-Match is the version that"
                    + " the list of absences told. While one lasts no later one takes its place. A supervisor says it only of"
                    + " somebody on record.")
    public Uni<Response> declared(@PathParam("id") UUID id, @Valid @NotNull Declaration declaration) {
        Account account = account(declaration.issuer(), declaration.subject());
        Instant now = now();
        Instant from = declaration.from() == null ? now : declaration.from();
        Absence absence = new Absence(
                from.truncatedTo(ChronoUnit.MILLIS),
                declaration.until().truncatedTo(ChronoUnit.MILLIS),
                declaration.cover() == null
                        ? null
                        : account(
                                declaration.cover().issuer(),
                                declaration.cover().subject()));
        OrganisationId organisation = speakingFor(id, account);
        return commands.change(
                MembershipStream.of(organisation, clock.instant()),
                MembershipStream.stream(organisation),
                new MembershipCommand.DeclareAbsence(account, absence, account(null, null), now),
                declaration,
                handled -> Answer.ok(AbsenceList.of(id, handled.state(), handled.version(), now())));
    }

    @POST
    @Path("/end")
    @AccessTo("absence.declare")
    @Operation(
            summary = "Say that one is back, or that an absence does not begin",
            description = "What was passed on stays with whoever has it now until they hand it over.")
    public Uni<Response> ended(@PathParam("id") UUID id, @Valid @NotNull Back back) {
        Account account = account(back.issuer(), back.subject());
        OrganisationId organisation = speakingFor(id, account);
        return commands.add(
                MembershipStream.of(organisation, clock.instant()),
                MembershipStream.stream(organisation),
                new MembershipCommand.EndAbsence(account, now()),
                back,
                handled -> Answer.ok(AbsenceList.of(id, handled.state(), handled.version(), now())));
    }

    private OrganisationId speakingFor(UUID id, Account whose) {
        OrganisationId organisation = own(id);
        if (!whose.equals(account(null, null)) && !access.caller().isA(Role.SUPERVISOR)) {
            throw Refusal.of("absence-of-another").field("subject");
        }
        return organisation;
    }

    private OrganisationId own(UUID id) {
        if (!access.caller().belongsTo(id.toString())) {
            throw Access.unknown();
        }
        access.require(Relation.OWNING);
        return new OrganisationId(id);
    }

    private Account account(@Nullable String issuer, @Nullable String subject) {
        Caller caller = access.caller();
        return new Account(issuer == null ? caller.issuer() : issuer, subject == null ? caller.subject() : subject);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
