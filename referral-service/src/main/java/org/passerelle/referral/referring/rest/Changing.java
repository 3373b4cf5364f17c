package org.passerelle.referral.referring.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.Answer;
import org.passerelle.edge.Caller;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Relation;
import org.passerelle.edge.Role;
import org.passerelle.edge.Withholding;
import org.passerelle.eventsourcing.Handled;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.OfferId;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.directory.Candidates;
import org.passerelle.referral.referring.Lifecycle.Party;
import org.passerelle.referral.referring.Lifecycle.Stage;
import org.passerelle.referral.referring.Links.Link;
import org.passerelle.referral.referring.Offer;
import org.passerelle.referral.referring.Referral;
import org.passerelle.referral.referring.ReferralCommand;
import org.passerelle.referral.referring.ReferralCommand.AcceptOffer;
import org.passerelle.referral.referring.ReferralCommand.ClaimReferral;
import org.passerelle.referral.referring.ReferralEvent;
import org.passerelle.referral.referring.ReferralStream;
import org.passerelle.referral.referring.Worklists;
import org.passerelle.referral.referring.Worklists.ReferralView;
import org.passerelle.referral.referring.Worklists.Side;
import org.passerelle.referral.referring.rest.AnswersResource.ReferralAnswer;
import org.passerelle.referral.routing.RoutingPolicy;

/** What every change of a referral over HTTP begins and ends with. */
@ApplicationScoped
public class Changing {

    @Inject
    Commands commands;

    @Inject
    Worklists worklists;

    @Inject
    Withholding withholding;

    @Inject
    Access access;

    @Inject
    Pool pool;

    @Inject
    Candidates candidates;

    @Inject
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals;

    /** The referral, for a caller whom the access decisions of this request then ask what they are to it. */
    public Uni<ReferralView> known(UUID id) {
        return existing(id).call(view -> withholding.heed(view.caseCode())).call(this::notWithheldFromAuthorities);
    }

    /** What the person withholds from authorities no account of theirs knows of, whatever else they are to the case. */
    private Uni<Void> notWithheldFromAuthorities(ReferralView view) {
        boolean asSender = access.caller().belongsTo(view.requestedBy().toString());
        boolean asAsked = !asSender
                && view.offers().stream()
                        .anyMatch(offer ->
                                access.caller().belongsTo(offer.organisation().toString()));
        return (asAsked
                        ? authority(Side.INBOX)
                        : Uni.createFrom().item(access.caller().authority()))
                .flatMap(authority -> authority
                        ? unknownWhere("select is_withheld_from_authorities($1)", Tuple.of(view.caseCode()))
                        : Uni.createFrom().voidItem());
    }

    /**
     * Whether the caller reads for an authority. No role of a supervisor says that they are police: of what their
     * organisation is asked or gives the directory does.
     */
    Uni<Boolean> authority(Side side) {
        Caller caller = access.caller();
        UUID organisation = caller.organisationId();
        boolean byRole = caller.authority() || caller.isA(Role.PROVIDER) || caller.isA(Role.PARTNER_SYSTEM);
        if (byRole || organisation == null || !caller.isA(Role.SUPERVISOR) || side == Side.OUTBOX || side == Side.ALL) {
            return Uni.createFrom().item(caller.authority());
        }
        return candidates.of(pool, organisation).map(RoutingPolicy::mayBeAnAuthority);
    }

    private Uni<Void> unknownWhere(String withheld, Tuple whose) {
        return pool.preparedQuery(withheld)
                .execute(whose)
                .invoke(rows -> {
                    if (rows.iterator().next().getBoolean(0)) {
                        throw Access.unknown();
                    }
                })
                .replaceWithVoid();
    }

    /**
     * The referral, for whoever has a link and no account: who is only asked knows nothing of what is withheld from them,
     * and who is suspended nothing at all.
     */
    Uni<ReferralView> behind(Link link) {
        return existing(link.referral().value())
                .call(view -> unknownWhere(
                        "select exists (select 1 from organisation_standing where organisation = $1 and suspended)",
                        Tuple.of(link.organisation().toString())))
                .call(view -> link.organisation().equals(view.provider())
                        ? Uni.createFrom().voidItem()
                        : unknownWhere("select is_withheld($1, $2)", Tuple.of(view.caseCode(), link.organisation())));
    }

    private Uni<ReferralView> existing(UUID id) {
        return worklists.referral(id).map(view -> {
            if (view == null) {
                throw Access.unknown();
            }
            return view;
        });
    }

    Uni<Response> change(UUID id, ReferralCommand command, Object body) {
        return change(id, command, body, handled -> answer(id, state(handled.state()), handled));
    }

    /**
     * What a change of whose it is answers.
     *
     * @param passedTo the colleague who has it in the place of somebody who is away; left out where nobody is
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Assigned(
            UUID referralId,
            String state,
            long version,
            @Nullable PassedTo passedTo) {}

    /** An account of the same organisation. */
    public record PassedTo(String issuer, String subject) {}

    Uni<Response> assign(UUID id, ClaimReferral command, Object body, @Nullable PassedTo passedTo) {
        return change(
                id, command, body, handled -> new Assigned(id, state(handled.state()), handled.version(), passedTo));
    }

    /** The answer says what became of the offer that was accepted: of one whose yes came too late, that it did. */
    Uni<Response> accept(UUID id, AcceptOffer command, Object body) {
        return change(id, command, body, handled -> answer(id, state(handled.state(), command.offer()), handled));
    }

    private Uni<Response> change(
            UUID id, ReferralCommand command, Object body, Function<Handled<Referral, ReferralEvent>, Object> answer) {
        return commands.change(
                referrals,
                ReferralStream.of(new ReferralId(id)),
                command,
                body,
                handled -> Answer.ok(answer.apply(handled)));
    }

    private static ReferralAnswer answer(UUID id, String state, Handled<Referral, ReferralEvent> handled) {
        return new ReferralAnswer(id, state, handled.version());
    }

    private static String state(Referral now, OfferId accepted) {
        boolean late = Referral.course(now)
                .offer(accepted)
                .filter(offer -> offer.standing() == Offer.Standing.LATE)
                .isPresent();
        return late ? "late" : state(now);
    }

    /** As what the caller acts, by the relation that the permission rests on. */
    static Party party(Relation relation) {
        return switch (relation) {
            case OWNING, SUPERVISING, NONE -> Party.REQUESTER;
            case OFFERED, PROVIDING, HAS_PROVIDED -> Party.RECEIVER;
            case COORDINATING -> Party.COORDINATOR;
            // lets somebody read, never change
            case BREAKING_GLASS -> throw Access.unknown();
        };
    }

    private static String state(Referral referral) {
        return switch (referral) {
            case Referral.Unrequested none -> throw Access.unknown();
            case Referral.Waiting waiting -> waiting.course().gap() ? "gap" : "waiting";
            case Referral.Offered offered -> Stage.of(offered).code();
            case Referral.Accepted accepted -> Stage.of(accepted).code();
            case Referral.Ended ended -> Stage.of(ended).code();
        };
    }
}
