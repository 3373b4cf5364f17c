package org.passerelle.referral.referring.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.passerelle.edge.Access;
import org.passerelle.edge.AccessTo;
import org.passerelle.edge.Commands;
import org.passerelle.edge.Cursors;
import org.passerelle.edge.Memberships;
import org.passerelle.edge.Problems;
import org.passerelle.edge.Reads;
import org.passerelle.edge.Relation;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.Recorded;
import org.passerelle.eventsourcing.Refusal;
import org.passerelle.eventsourcing.StreamKind;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceId;
import org.passerelle.referral.codes.ServiceType;
import org.passerelle.referral.directory.Candidates;
import org.passerelle.referral.directory.DirectorySearch;
import org.passerelle.referral.directory.DirectorySearch.Names;
import org.passerelle.referral.referring.NextStep;
import org.passerelle.referral.referring.Referral;
import org.passerelle.referral.referring.ReferralCommand;
import org.passerelle.referral.referring.ReferralEvent;
import org.passerelle.referral.referring.ReferralEvent.NeedEscalated;
import org.passerelle.referral.referring.ReferralEvent.NeedRouted;
import org.passerelle.referral.referring.ReferralEvent.StepOverdue;
import org.passerelle.referral.referring.ReferralStream;
import org.passerelle.referral.referring.WhatTheAskedMustKnow;
import org.passerelle.referral.referring.Worklists;
import org.passerelle.referral.referring.Worklists.ReferralView;
import org.passerelle.referral.referring.Worklists.Side;
import org.passerelle.referral.routing.Candidate;
import org.passerelle.referral.routing.Places;
import org.passerelle.referral.routing.Ranking;
import org.passerelle.referral.routing.Reason;
import org.passerelle.referral.routing.Weights;
import org.passerelle.referral.texts.Texts;

/** Reading referrals: inbox, outbox, one referral, why it was routed so. */
@Path("/referrals")
@Tag(name = "Referrals")
public class ReferralsResource {

    private static final Set<String> STATES = Set.of(
            "waiting",
            "gap",
            "offered",
            "accepted",
            "in-progress",
            "on-hold",
            "completed",
            "failed",
            "declined",
            "expired",
            "cancelled",
            "entered-in-error");

    @Inject
    Access access;

    @Inject
    Reads reads;

    @Inject
    Problems problems;

    @Inject
    Worklists worklists;

    @Inject
    WhatTheAskedMustKnow mustKnow;

    @Inject
    Changing changing;

    @Inject
    DirectorySearch directory;

    @Inject
    Candidates candidates;

    @Inject
    Pool pool;

    @Inject
    EventStore store;

    @Inject
    StreamKind<ReferralCommand, Referral, ReferralEvent> referrals;

    @Inject
    Cursors cursors;

    /**
     * A page of referrals; {@code next} continues the list.
     *
     * @param assuranceAsked first page of an inbox: how many of its listings the organisation is asked to make sure of;
     *     null where none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ReferralPage(
            List<ReferralView> referrals,
            @Nullable Long assuranceAsked,
            @Nullable String next) {}

    @GET
    @AccessTo("referral.list")
    @Operation(
            summary = "The inbox (offered to us), the outbox (requested by us), or all for the coordination",
            description = "role: inbox, outbox (default) or all. state: waiting, gap, offered, accepted, in-progress,"
                    + " on-hold, completed, failed, declined, expired, cancelled or entered-in-error. told: those whose next"
                    + " step was not taken in time, or whose need nobody serves yet, by who was told last of it: reminder,"
                    + " supervisor or coordinator; without a role, of what the organisation sent and, where the step is its"
                    + " own, of what it is asked or gives. The most pressing need first.")
    public Uni<ReferralPage> list(
            @QueryParam("role") @Nullable String role,
            @QueryParam("state") @Nullable String state,
            @QueryParam("told") @Nullable String told,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit) {
        if (state != null && !STATES.contains(state)) {
            throw Refusal.of("unknown-state").invalid().field("state");
        }
        if (told != null
                && Arrays.stream(NextStep.Told.values())
                        .noneMatch(one -> one.code().equals(told))) {
            throw Refusal.of("unknown-state").invalid().field("told");
        }
        Side side = role == null && told != null ? told() : side(role == null ? "outbox" : role);
        UUID organisation = side == Side.ALL ? new UUID(0, 0) : Relations.organisation(access.caller());
        String name = "referrals " + side + " " + organisation;
        return cursors.open(name, after)
                .flatMap(position -> changing.authority(side).flatMap(authority -> {
                    OffsetDateTime due = position == null ? null : OffsetDateTime.parse(position.substring(36));
                    UUID id = position == null ? null : UUID.fromString(position.substring(0, 36));
                    return worklists.referrals(
                            side,
                            organisation,
                            access.caller().organisationId(),
                            authority,
                            state,
                            told,
                            due,
                            id,
                            limit);
                }))
                .flatMap(found -> {
                    List<ReferralView> all = found.views();
                    List<String> cases =
                            all.stream().map(ReferralView::caseCode).distinct().toList();
                    Uni<List<ReferralView>> shown = side == Side.INBOX || side == Side.BOTH
                            ? inbox(organisation, found, side == Side.BOTH)
                            : Uni.createFrom()
                                    .item(() -> all.stream()
                                            .map(view ->
                                                    view.above(access.caller().organisationId()))
                                            .toList());
                    Uni<ReferralPage> page = shown.flatMap(views -> cursors.next(
                                    name, all, limit, last -> last.referralId().toString() + last.dueAt())
                            .flatMap(next -> asked(side, organisation, after)
                                    .map(asked -> new ReferralPage(views, asked, next))));
                    return reads.recorded(
                            access, cases, side == Side.INBOX || side == Side.BOTH ? "summary" : "codes", page);
                });
    }

    private Uni<@Nullable Long> asked(Side side, UUID organisation, @Nullable String after) {
        return side == Side.INBOX && after == null
                ? directory.assuranceAskedOf(organisation).map(asked -> asked == 0 ? null : asked)
                : Uni.createFrom().nullItem();
    }

    /** @param ours whether what the organisation sent itself is among them, which it sees as the sender */
    private Uni<List<ReferralView>> inbox(UUID organisation, Worklists.Found found, boolean ours) {
        String account = myself();
        List<ReferralView> told = found.views().stream()
                .map(view -> ours && organisation.equals(view.requestedBy())
                        ? view.withoutClaim()
                        : view.asToldTo(
                                organisation, account, organisation.equals(view.provider()) && !view.hasEnded()))
                .toList();
        return isToldCircumstances()
                ? mustKnow.added(organisation, told, found.firsts())
                : Uni.createFrom().item(told);
    }

    /** Police whose organisation the directory does not call an authority are one all the same. */
    private boolean isToldCircumstances() {
        return !access.caller().authority();
    }

    private String myself() {
        return Memberships.account(access.caller().issuer(), access.caller().subject());
    }

    /** The policy decides per list; a list that the caller's roles may not see answers like one that is not there. */
    private Side side(String role) {
        return switch (role) {
            case "inbox" -> {
                if (!access.decide(Relation.OFFERED).permitted()) {
                    access.require(Relation.PROVIDING);
                }
                yield Side.INBOX;
            }
            case "outbox" -> {
                access.require(Relation.OWNING);
                yield Side.OUTBOX;
            }
            case "all" -> {
                access.require(Relation.COORDINATING);
                yield Side.ALL;
            }
            default -> throw Refusal.of("unknown-list").invalid().field("role");
        };
    }

    private Side told() {
        if (!access.decide(Relation.OFFERED).permitted()) {
            return side("outbox");
        }
        return access.decide(Relation.OWNING).permitted() ? Side.BOTH : Side.INBOX;
    }

    @GET
    @Path("/{id}")
    @AccessTo("referral.read")
    @Operation(
            summary = "One referral",
            description = "Whoever is offered it sees the redacted summary: service, urgency, place, age band, clock."
                    + " circumstances: those of the person that the service which is asked published a rule for, as far as"
                    + " somebody said them; never to an authority. Never an identity.")
    public Uni<Response> referral(@PathParam("id") UUID id) {
        return changing.known(id).flatMap(referral -> read(referral, Relations.asSenderFirst(access, referral)));
    }

    private Uni<Response> read(ReferralView referral, Relations.Permitted permitted) {
        ReferralView shown = switch (permitted.relation()) {
            case OWNING -> referral.withoutClaim();
            case COORDINATING, SUPERVISING, BREAKING_GLASS, NONE ->
                referral.above(access.caller().organisationId());
            case PROVIDING -> referral.asToldTo(Relations.organisation(access.caller()), myself(), true);
            case OFFERED, HAS_PROVIDED -> referral.asToldTo(Relations.organisation(access.caller()), myself(), false);
        };
        Uni<ReferralView> complete = permitted.relation() == Relation.OFFERED && isToldCircumstances()
                ? mustKnow.added(Relations.organisation(access.caller()), shown)
                : Uni.createFrom().item(shown);
        return reads.recorded(
                access,
                List.of(referral.caseCode()),
                permitted.decision().mask().name().toLowerCase(Locale.ROOT),
                complete.map(view -> Response.ok(view)
                        .header(HttpHeaders.ETAG, Commands.etag(referral.version()))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build()));
    }

    /** Why a need was routed as it was: each routing decision, the newest first; and who was told meanwhile. */
    public record RoutingHistory(UUID referralId, String caseCode, List<RoutingView> decisions, List<ToldView> told) {}

    /**
     * That nobody served the need, the newest first.
     *
     * @param told reminder (the requester), supervisor or coordinator
     * @param explanation the same in the language of the reader
     */
    public record ToldView(OffsetDateTime at, String told, String explanation) {

        static ToldView of(NextStep.Told told, Instant at, Texts texts) {
            return new ToldView(at.atOffset(ZoneOffset.UTC), told.code(), texts.say("told." + told.code()));
        }
    }

    /**
     * One routing decision.
     *
     * @param kept best first
     * @param elsewhere how many more services of the type did not reach the place
     * @param otherTypes how many services of other types there were; these and those elsewhere are listed with {@code all=true}
     * @param weights of the soft rules at that time, whatever they are now
     * @param erased true where what led to the decision went with the person: it lists no service and counts none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RoutingView(
            OffsetDateTime at,
            String trigger,
            List<ServiceVerdict> kept,
            List<ServiceVerdict> leftOut,
            int elsewhere,
            int otherTypes,
            @Nullable List<ServiceVerdict> ofOtherTypes,
            @Nullable WeightsView weights,
            @Nullable Boolean erased) {

        static RoutingView erased(NeedRouted routed) {
            return new RoutingView(
                    routed.at().atOffset(ZoneOffset.UTC),
                    routed.trigger().code(),
                    List.of(),
                    List.of(),
                    0,
                    0,
                    null,
                    null,
                    true);
        }
    }

    @Inject
    Places places;

    @GET
    @Path("/{id}/routing")
    @AccessTo("referral.routing")
    @Operation(
            summary = "Why each service was kept or left out",
            description =
                    "Every service of the type that reaches the place and up to 100 that do not, with a sentence in"
                            + " the language of the reader. all=true also lists the others that the directory holds"
                            + " now. Once the person is erased, only when and why the need was routed (erased: true).")
    public Uni<RoutingHistory> routing(
            @PathParam("id") UUID id, @QueryParam("all") @DefaultValue("false") boolean all) {
        Texts texts = Texts.in(problems.language());
        return changing.known(id).flatMap(referral -> {
            boolean ours = Relations.best(access, referral).relation() == Relation.OWNING;
            Uni<List<Names>> names = directory.names(all ? null : referral.service());
            Uni<RoutingHistory> read = store.history(referrals, ReferralStream.of(new ReferralId(id)))
                    .flatMap(events -> names.flatMap(named -> (all && someElsewhere(events)
                                    ? reaching(referral)
                                    : Uni.createFrom().item(Set.<ServiceId>of()))
                            .map(reaching -> history(referral, events, ours, named, all, reaching, texts, places))));
            return reads.recorded(access, List.of(referral.caseCode()), "routing", read);
        });
    }

    private static boolean someElsewhere(List<Recorded<ReferralEvent>> events) {
        return events.stream()
                .anyMatch(recorded -> recorded.event() instanceof NeedRouted routed
                        && routed.ranking() != null
                        && routed.ranking().elsewhere() > 0);
    }

    /** Those of the type that reach the place as the directory says today. */
    private Uni<Set<ServiceId>> reaching(ReferralView referral) {
        PlaceCode place = new PlaceCode(referral.place());
        return candidates
                .ofType(pool, ServiceType.valueOf(referral.service()))
                .map(found -> found.candidates().stream()
                        .filter(places.reach(place, found.day())::reaches)
                        .map(Candidate::service)
                        .collect(Collectors.toSet()));
    }

    private static RoutingHistory history(
            ReferralView referral,
            List<Recorded<ReferralEvent>> events,
            boolean ours,
            List<Names> names,
            boolean all,
            Set<ServiceId> reaching,
            Texts texts,
            Places places) {
        String place = places.name(new PlaceCode(referral.place()));
        Map<UUID, Names> byService = ServiceVerdict.byService(names);
        List<RoutingView> decisions = new ArrayList<>();
        List<ToldView> told = new ArrayList<>();
        for (Recorded<ReferralEvent> recorded : events.reversed()) {
            if (recorded.event() instanceof NeedEscalated escalated) {
                told.add(ToldView.of(escalated.told(), escalated.at(), texts));
            }
            if (recorded.event() instanceof StepOverdue overdue
                    && overdue.step().isTheRequesters()) {
                told.add(ToldView.of(overdue.told(), overdue.at(), texts));
            }
            if (recorded.event() instanceof NeedRouted routed) {
                Ranking found = routed.ranking();
                if (found == null) {
                    decisions.add(RoutingView.erased(routed));
                    continue;
                }
                Ranking ranking = ours ? found : found.withoutCircumstances();
                Weights weights = ranking.weights();
                decisions.add(new RoutingView(
                        routed.at().atOffset(ZoneOffset.UTC),
                        routed.trigger().code(),
                        ServiceVerdict.of(ranking.kept(), weights, byService, texts),
                        ServiceVerdict.leftOut(ranking.leftOut(), byService, texts),
                        ranking.elsewhere(),
                        ranking.otherTypes(),
                        all ? others(referral.service(), ranking, names, reaching, place, texts) : null,
                        weights == null ? null : WeightsView.of(weights),
                        null));
            }
        }
        return new RoutingHistory(referral.referralId(), referral.caseCode(), decisions, told);
    }

    /** What the decision did not keep of each is said as of today, or not at all. */
    private static List<ServiceVerdict> others(
            String type, Ranking ranking, List<Names> names, Set<ServiceId> reaching, String place, Texts texts) {
        Set<UUID> considered = new HashSet<>();
        ranking.kept().forEach(verdict -> considered.add(verdict.service().value()));
        ranking.leftOut().forEach(verdict -> considered.add(verdict.service().value()));
        return names.stream()
                .filter(name -> !considered.contains(name.service()))
                .filter(name -> ranking.elsewhere() > 0 || !name.types().contains(type))
                .map(name -> {
                    Reason reason = !name.types().contains(type)
                            ? Reason.of("out.type", String.join(", ", name.types()))
                            : reaching.contains(new ServiceId(name.service()))
                                    ? Reason.of("out.not-considered")
                                    : Reason.of("out.place", place);
                    return new ServiceVerdict(
                            null,
                            name.service(),
                            name.serviceName(),
                            name.organisation(),
                            name.organisationName(),
                            texts.say(reason.code(), reason.args()),
                            List.of(reason),
                            null,
                            null);
                })
                .toList();
    }
}
