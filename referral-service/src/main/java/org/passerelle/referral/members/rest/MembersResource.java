package org.passerelle.referral.members.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
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
import org.passerelle.edge.Caller;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Role;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.directory.DirectoryStream;
import org.passerelle.referral.members.Account;
import org.passerelle.referral.members.Membership;
import org.passerelle.referral.members.MembershipCommand;
import org.passerelle.referral.members.MembershipStream;
import org.passerelle.referral.members.SuspensionReason;

/**
 * Who acts for an organisation, and whether it may act at all. Every command states a whole fact, so {@code If-Match} is
 * honoured and never demanded: a suspension must not fail because somebody recorded a member meanwhile.
 */
@Path("/directory/organisations/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Members", description = "Who acts for which organisation, and which organisations are suspended")
public class MembersResource {

    @Inject
    EventStore store;

    @Inject
    Commands commands;

    @Inject
    Access access;

    @Inject
    Clock clock;

    /** @param subject within the issuer; an account, never a person's name */
    public record AccountNamed(
            @NotBlank @Size(max = 500) String issuer,
            @NotBlank @Size(max = 255) String subject) {

        Account account() {
            return new Account(issuer, subject);
        }
    }

    /** @param roles all that the account has from now on */
    public record Member(
            @NotBlank @Size(max = 500) String issuer,
            @NotBlank @Size(max = 255) String subject,
            @NotEmpty @Size(max = 11) List<@NotNull String> roles) {

        Account account() {
            return new Account(issuer, subject);
        }
    }

    public record Suspension(@NotNull SuspensionReason reason) {}

    /**
     * @param standing active or suspended
     * @param reason   why it is suspended
     * @param complete whether whoever is not on the list is denied
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MemberList(
            UUID organisation,
            String standing,
            @Nullable SuspensionReason reason,
            boolean complete,
            List<Member> members,
            long version) {

        static MemberList of(OrganisationId organisation, Membership membership, long version) {
            return new MemberList(
                    organisation.value(),
                    membership.suspended().isPresent() ? "suspended" : "active",
                    membership.suspended().orElse(null),
                    membership.complete(),
                    membership.members().entrySet().stream()
                            .map(one -> new Member(
                                    one.getKey().issuer(), one.getKey().subject(), one.getValue()))
                            .toList(),
                    version);
        }
    }

    /** @param version of the membership now, also the ETag */
    public record Changed(UUID organisation, long version) {}

    @GET
    @Path("/members")
    @AccessTo("member.read")
    @Operation(summary = "The standing and the members of an organisation")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = MemberList.class)))
    public Uni<Response> members(@PathParam("id") UUID id) {
        OrganisationId organisation = new OrganisationId(id);
        return listed(organisation)
                .chain(() -> store.load(MembershipStream.of(organisation), MembershipStream.stream(organisation)))
                .map(loaded -> Response.ok(MemberList.of(organisation, loaded.state(), loaded.version()))
                        .header(HttpHeaders.ETAG, Commands.etag(loaded.version()))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    @POST
    @Path("/members")
    @AccessTo("member.change")
    @Operation(
            summary = "Record a member, or other roles for one",
            description = "From then on the account acts for the organisations that have it on record and for no other,"
                    + " whatever its token says, and has those of the recorded roles that its token has too.")
    public Uni<Response> recorded(@PathParam("id") UUID id, @Valid @NotNull Member member) {
        if (member.roles().stream().anyMatch(code -> Role.parse(code).isEmpty())) {
            throw Refusal.of("unknown-role").invalid().field("roles");
        }
        notOneself(member.account());
        return command(id, new MembershipCommand.RecordMember(member.account(), member.roles()), member);
    }

    @POST
    @Path("/members/removal")
    @AccessTo("member.change")
    @Operation(
            summary = "Remove a member",
            description = "The account loses access in every service within 5 seconds, whatever its token says. An"
                    + " account that was never on the list can be removed too.")
    public Uni<Response> removed(@PathParam("id") UUID id, @Valid @NotNull AccountNamed member) {
        notOneself(member.account());
        return command(id, new MembershipCommand.RemoveMember(member.account()), member);
    }

    @POST
    @Path("/members/completion")
    @AccessTo("member.change")
    @Operation(
            summary = "Say that the list of members is complete",
            description = "From then on whoever is not on it does not act for the organisation. It cannot be undone.")
    public Uni<Response> completed(@PathParam("id") UUID id) {
        OrganisationId organisation = new OrganisationId(id);
        Caller caller = access.caller();
        return store.load(MembershipStream.of(organisation), MembershipStream.stream(organisation))
                .invoke(loaded -> {
                    if (caller.belongsTo(id.toString())
                            && !loaded.state().members().containsKey(new Account(caller.issuer(), caller.subject()))) {
                        throw Refusal.of("not-on-own-list");
                    }
                })
                .chain(() -> command(id, new MembershipCommand.CompleteMembers(), "completion"));
    }

    @POST
    @Path("/suspension")
    @AccessTo("organisation.suspend")
    @Operation(
            summary = "Suspend an organisation",
            description = "Its members lose access in every service within 5 seconds, whatever their tokens say, its"
                    + " subscriptions stand still, and it is offered nothing more.")
    public Uni<Response> suspended(@PathParam("id") UUID id, @Valid @NotNull Suspension suspension) {
        if (access.caller().belongsTo(id.toString())) {
            throw Refusal.of("not-own-organisation");
        }
        return command(id, new MembershipCommand.Suspend(suspension.reason()), suspension);
    }

    @POST
    @Path("/reactivation")
    @AccessTo("organisation.reactivate")
    @Operation(summary = "End the suspension of an organisation")
    public Uni<Response> reactivated(@PathParam("id") UUID id) {
        return command(id, new MembershipCommand.Reactivate(), "reactivation");
    }

    /** Nobody gives themselves roles, and nobody locks themselves out. */
    private void notOneself(Account account) {
        Caller caller = access.caller();
        if (account.equals(new Account(caller.issuer(), caller.subject()))) {
            throw Refusal.of("not-oneself");
        }
    }

    private Uni<Response> command(UUID id, MembershipCommand command, Object body) {
        OrganisationId organisation = new OrganisationId(id);
        return listed(organisation)
                .chain(() -> commands.add(
                        MembershipStream.of(organisation, clock.instant()),
                        MembershipStream.stream(organisation),
                        command,
                        body,
                        handled -> Answer.ok(new Changed(id, handled.version()))));
    }

    private Uni<Void> listed(OrganisationId organisation) {
        return store.load(DirectoryStream.KIND, DirectoryStream.of(organisation))
                .invoke(loaded -> {
                    if (loaded.state().listing() == null) {
                        throw Refusal.of("organisation-unknown").unknown();
                    }
                })
                .replaceWithVoid();
    }
}
