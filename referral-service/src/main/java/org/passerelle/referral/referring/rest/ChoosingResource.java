package org.passerelle.referral.referring.rest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Problems;
import org.passerelle.edge.Relation;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.directory.DirectorySearch;
import org.passerelle.referral.referring.ChoiceReason;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.Offering;
import org.passerelle.referral.referring.ReferralCommand.ChooseService;
import org.passerelle.referral.routing.Verdict;
import org.passerelle.referral.texts.Texts;

/** A person knows more than the ranking. */
@Path("/referrals")
@Tag(name = "Referrals")
public class ChoosingResource {

    @Inject
    Access access;

    @Inject
    Changing changing;

    @Inject
    Offering offering;

    @Inject
    DirectorySearch directory;

    @Inject
    Problems problems;

    @Inject
    Clock clock;

    /** @param note free text; no names */
    public record Choice(
            @NotNull UUID serviceId,
            @NotNull ChoiceReason reason,
            @Size(max = 2000) @Nullable String note) {

        @Override
        public String toString() {
            return "Choice[" + serviceId + ", " + reason + "]";
        }
    }

    @POST
    @Path("/{id}/choice")
    @AccessTo("referral.reroute")
    @Operation(
            summary = "Have another service asked than the ranking's first, with the reason",
            description =
                    "Sets aside the ranking, the place, eligibility, earlier answers and that needs go to one place."
                            + " Nobody sets aside consent, a suspension, a closed service or that no unit is free: the"
                            + " answer says which it is. Any service of the type can be chosen, wherever it is. An open offer is"
                            + " taken back; the need's clock goes on.")
    public Uni<Response> choose(@PathParam("id") UUID id, @Valid @NotNull Choice request) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return changing.known(id).flatMap(referral -> {
            Relation relation = Relations.best(access, referral).relation();
            Party by = Changing.party(relation);
            ServiceId wanted = new ServiceId(request.serviceId());
            return offering.alone(
                            referral.about(),
                            Set.of(wanted),
                            now,
                            around -> changing.change(
                                    id,
                                    new ChooseService(wanted, request.reason(), request.note(), around, by, now),
                                    request))
                    .call(done -> offering.asConsentStandsNow(referral.about(), now))
                    .onFailure(Refusal.class)
                    .recoverWithUni(refused -> explained((Refusal) refused, wanted, relation));
        });
    }

    /** With what stands against it in words, or why nothing could be said of it. */
    private Uni<Response> explained(Refusal refused, ServiceId wanted, Relation relation) {
        return switch (refused.code()) {
            case "not-to-be-overridden" ->
                Uni.createFrom().failure(refused.with(sentences(refused.args(), relation == Relation.OWNING)));
            case "service-not-considered" ->
                directory
                        .names(Set.of(wanted.value()))
                        .flatMap(listed -> Uni.createFrom()
                                .failure(
                                        listed.isEmpty()
                                                ? refused
                                                : Refusal.of("service-of-another-type")
                                                        .invalid()
                                                        .field("serviceId")));
            default -> Uni.createFrom().failure(refused);
        };
    }

    /** @param owner whoever does not look after the person learns no circumstance by it */
    private String sentences(Collection<Object> reasons, boolean owner) {
        Texts texts = Texts.in(problems.language());
        return reasons.stream()
                .map(Object::toString)
                .map(code -> owner || !Verdict.tellsCircumstances(code) ? code : "out.conditions")
                .distinct()
                .map(code -> texts.say(code))
                .collect(Collectors.joining(" "));
    }
}
