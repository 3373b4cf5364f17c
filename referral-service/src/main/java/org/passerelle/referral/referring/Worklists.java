package org.passerelle.referral.referring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.StreamId;
import org.passerelle.referral.codes.CaseCode;
import org.passerelle.referral.codes.Circumstance;
import org.passerelle.referral.codes.OrganisationId;
import org.passerelle.referral.codes.PlaceCode;
import org.passerelle.referral.codes.ReferralId;
import org.passerelle.referral.codes.ServiceType;

/** Inbox, outbox and tasks, as read models. What a reader may see of them is the edge's to decide. */
@ApplicationScoped
public class Worklists {

    @Inject
    EventStore store;

    @Inject
    Mutiny.SessionFactory sessions;

    /** An offer of a referral. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OfferView(
            UUID offerId,
            UUID organisation,
            UUID serviceId,
            String state,
            @Nullable String reason,
            OffsetDateTime offeredAt,
            OffsetDateTime answerBy,
            @Nullable OffsetDateTime acknowledgedAt,
            @Nullable OffsetDateTime answeredAt) {

        static OfferView of(OfferRow row) {
            return new OfferView(
                    row.offerId,
                    row.organisationId,
                    row.serviceId,
                    row.state(),
                    row.reason,
                    row.offeredAt,
                    row.answerBy,
                    row.acknowledgedAt,
                    row.answeredAt);
        }
    }

    /**
     * A referral with its offers, oldest first. Codes and clocks: nothing in it identifies the person.
     *
     * @param sex null where the reader may not know it
     * @param circumstances of the person, where somebody said them: those that the service which is asked published a rule
     *     for, for its own organisation while it is asked, unless it is an authority. Of others nothing is said
     * @param tasks reasons of the open tasks
     * @param decision what the requester has to decide beside the next step, as its open tasks say: whether a placement
     *     stands, what becomes of the place of whoever said yes too late; also once the referral has ended. Null for
     *     organisations that are asked
     * @param needTold who was told last that nobody serves the need yet: reminder (the requester), supervisor, coordinator
     * @param progress what the provider said last of a service that goes on, at {@code reportedAt}
     * @param packageId of the needs that it was stated together with; null for organisations that are asked
     * @param claim for the organisation that is asked or gives the service: mine, a colleague's, or nobody's yet
     * @param claimReason why it is theirs, or nobody's again: claimed, handed-over, absence, reassigned, returned,
     *     claimant-left; told where claim is, once somebody had it
     * @param stopped true where whoever gives the service is not to contact the person further until the sender, whom they
     *     ask, has decided; else null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ReferralView(
            UUID referralId,
            String caseCode,
            UUID requestedBy,
            String service,
            String urgency,
            String place,
            @Nullable String ageBand,
            @Nullable String sex,
            @Nullable List<Circumstance> circumstances,
            OffsetDateTime statedAt,
            OffsetDateTime dueAt,
            String state,
            @Nullable UUID provider,
            @Nullable UUID providerService,
            @Nullable OffsetDateTime acceptedAt,
            @Nullable OffsetDateTime begunAt,
            @Nullable OffsetDateTime endedAt,
            @Nullable String ending,
            List<OfferView> offers,
            List<String> tasks,
            @Nullable StepView nextStep,
            @Nullable StepView decision,
            @Nullable String needTold,
            @Nullable HowItGoes progress,
            @Nullable OffsetDateTime reportedAt,
            @Nullable String claim,
            @Nullable String claimReason,
            @Nullable UUID packageId,
            @Nullable Boolean stopped,
            long version) {

        public About about() {
            return new About(
                    new ReferralId(referralId),
                    new CaseCode(caseCode),
                    new OrganisationId(requestedBy),
                    ServiceType.valueOf(service),
                    new PlaceCode(place));
        }

        static ReferralView of(ReferralRow row, List<OfferView> offers, List<String> tasks) {
            return new ReferralView(
                    row.referralId,
                    row.caseCode,
                    row.requestedBy,
                    row.service,
                    row.urgency,
                    row.place,
                    null,
                    null,
                    null,
                    row.statedAt,
                    row.dueAt,
                    row.state,
                    row.provider,
                    row.providerService,
                    row.acceptedAt,
                    row.begunAt,
                    row.endedAt,
                    row.ending,
                    offers,
                    tasks,
                    row.step == null ? null : new StepView(row.step, row.stepOf, row.stepBy, row.told),
                    row.decisionBy == null
                            ? null
                            : new StepView(NextStep.DECISION.code(), row.requestedBy, row.decisionBy, row.decisionTold),
                    row.needTold,
                    row.progress == null ? null : HowItGoes.of(row.progress),
                    row.reportedAt,
                    row.claimant,
                    row.claimReason,
                    null,
                    StopReason.isAmong(tasks) ? true : null,
                    row.version);
        }

        /** With what the list does not hold, because it is sealed: age band and sex. */
        private ReferralView knowing(Request request) {
            Leg leg = request.leg();
            return shown(
                    AgeBand.of(request.age(), request.child()),
                    request.sex().code(),
                    null,
                    claim,
                    claimReason,
                    leg == null ? null : leg.packageId(),
                    tasks,
                    decision);
        }

        /** For whoever is not of the organisation that claims. */
        public ReferralView withoutClaim() {
            return claim == null && claimReason == null
                    ? this
                    : shown(ageBand, sex, circumstances, null, null, packageId, tasks, decision);
        }

        /**
         * For whoever is above it and not of the organisation that keeps the case: who is feared is told to nobody else, and
         * to the provider not why it is stopped, nor that there is something to decide.
         */
        public ReferralView above(@Nullable UUID reader) {
            if (requestedBy.equals(reader)) {
                return withoutClaim();
            }
            boolean gives = provider != null && provider.equals(reader);
            return shown(
                    ageBand,
                    sex,
                    circumstances,
                    null,
                    null,
                    packageId,
                    tasks.stream()
                            .filter(task -> !task.equals(TaskReason.PLACEMENT_TO_REVIEW.code())
                                    && !(gives && StopReason.isAmong(List.of(task))))
                            .toList(),
                    gives ? null : decision);
        }

        ReferralView telling(List<Circumstance> circumstances) {
            return circumstances.isEmpty()
                    ? this
                    : shown(ageBand, sex, circumstances, claim, claimReason, packageId, tasks, decision);
        }

        /** The offer that this organisation is to answer. */
        public Optional<OfferView> openOfferTo(UUID organisation) {
            return offers.stream()
                    .filter(offer -> offer.organisation().equals(organisation)
                            && offer.state().equals("open"))
                    .findFirst();
        }

        private ReferralView shown(
                @Nullable String ageBand,
                @Nullable String sex,
                @Nullable List<Circumstance> circumstances,
                @Nullable String claim,
                @Nullable String claimReason,
                @Nullable UUID packageId,
                List<String> tasks,
                @Nullable StepView decision) {
            return new ReferralView(
                    referralId,
                    caseCode,
                    requestedBy,
                    service,
                    urgency,
                    place,
                    ageBand,
                    sex,
                    circumstances,
                    statedAt,
                    dueAt,
                    state,
                    provider,
                    providerService,
                    acceptedAt,
                    begunAt,
                    endedAt,
                    ending,
                    offers,
                    tasks,
                    nextStep,
                    decision,
                    needTold,
                    progress,
                    reportedAt,
                    claim,
                    claimReason,
                    packageId,
                    stopped,
                    version);
        }

        public boolean hasEnded() {
            return endedAt != null;
        }

        /**
         * The redacted summary for an organisation that is or was asked: its own offers, and nothing of the others.
         *
         * @param account of the reader
         * @param withSex once it gives the service
         */
        public ReferralView asToldTo(UUID organisation, String account, boolean withSex) {
            boolean provides = organisation.equals(provider);
            boolean holds = provides || openOfferTo(organisation).isPresent();
            return new ReferralView(
                    referralId,
                    caseCode,
                    requestedBy,
                    service,
                    urgency,
                    place,
                    ageBand,
                    withSex ? sex : null,
                    null,
                    statedAt,
                    dueAt,
                    state,
                    provides ? provider : null,
                    provides ? providerService : null,
                    provides ? acceptedAt : null,
                    provides ? begunAt : null,
                    endedAt,
                    provides ? ending : null,
                    offers.stream()
                            .filter(offer -> offer.organisation().equals(organisation))
                            .toList(),
                    List.of(),
                    nextStep != null && nextStep.of().equals(organisation) ? nextStep : null,
                    null,
                    null,
                    provides ? progress : null,
                    provides ? reportedAt : null,
                    !holds || hasEnded()
                            ? null
                            : claim == null ? "nobody" : claim.equals(account) ? "mine" : "colleague",
                    !holds || hasEnded() ? null : claimReason,
                    null,
                    provides ? stopped : null,
                    version);
        }
    }

    /** @param firsts the first events of those that were found, opened: all that their needs say, which no view does */
    public record Found(List<ReferralView> views, Map<StreamId, ReferralEvent> firsts) {

        @Override
        public String toString() {
            return "Found[" + views.size() + "]";
        }
    }

    /** Null when there is none. */
    public Uni<@Nullable ReferralView> referral(UUID id) {
        return sessions.withSession(session -> session.find(ReferralRow.class, id)
                        .flatMap(row -> complete(session, row == null ? List.of() : List.of(row))))
                .flatMap(this::withAttributes)
                .map(found -> found.views().isEmpty() ? null : found.views().getFirst());
    }

    /** Age and sex of a page of referrals, from where they lie sealed; of an erased person what stands in for them. */
    private Uni<Found> withAttributes(List<ReferralView> views) {
        Map<StreamId, ReferralView> byStream = new LinkedHashMap<>();
        views.forEach(view -> byStream.put(ReferralStream.of(new ReferralId(view.referralId())), view));
        return store.firsts(ReferralStream.TYPES, byStream.keySet()).map(firsts -> {
            List<ReferralView> complete = new ArrayList<>(views.size());
            byStream.forEach((stream, view) -> complete.add(
                    firsts.get(stream) instanceof ReferralEvent.ReferralRequested requested
                            ? view.knowing(requested.request())
                            : view));
            return new Found(complete, firsts);
        });
    }

    /** Whose list; a null organisation means everybody's. */
    public enum Side {
        INBOX,
        OUTBOX,
        /** Of what it sent and of what it was asked: what its people are told that is not done in time. */
        BOTH,
        ALL
    }

    /**
     * By the need's clock, the most pressing first.
     *
     * @param reader of everybody's list: what is withheld from this organisation is left out; null for none. Of an inbox
     *     only that is left out which it is asked for: who gives a service keeps it
     * @param authority whether what is withheld from authorities is left out of an inbox
     * @param told only those whose next step was not taken in time; of what the organisation is asked only its own steps
     */
    public Uni<Found> referrals(
            Side side,
            UUID organisation,
            @Nullable UUID reader,
            boolean authority,
            @Nullable String state,
            @Nullable String told,
            @Nullable OffsetDateTime afterDue,
            @Nullable UUID afterId,
            int limit) {
        String whose = switch (side) {
            case INBOX -> " and " + asked(authority) + (told == null ? "" : OWN_STEP);
            case BOTH -> " and (r.requestedBy = :organisation or " + asked(authority) + OWN_STEP + ")";
            case OUTBOX -> " and r.requestedBy = :organisation";
            case ALL -> reader == null ? "" : notWithheld("r");
        };
        String wanted = (state == null ? "" : " and r.state = :state")
                + (told == null ? "" : " and (r.told = :told or r.needTold = :told" + ofDecisions(side, reader) + ")");
        String after = afterId == null ? "" : " and (r.dueAt, r.referralId) > (:due, :id)";
        Uni<List<ReferralView>> page = sessions.withSession(session -> {
            var query = session.createSelectionQuery(
                    "from Referral r where 1 = 1" + whose + wanted + after + " order by r.dueAt, r.referralId",
                    ReferralRow.class);
            if (side != Side.ALL) {
                query.setParameter("organisation", organisation);
            } else if (reader != null) {
                query.setParameter("reader", reader);
            }
            if (state != null) {
                query.setParameter("state", state);
            }
            if (told != null) {
                query.setParameter("told", told);
            }
            if (afterId != null) {
                query.setParameter("due", afterDue).setParameter("id", afterId);
            }
            return query.setMaxResults(limit).getResultList().flatMap(rows -> complete(session, rows));
        });
        return page.flatMap(this::withAttributes);
    }

    /** Only to the requester's side and above: whoever gives the service hears nothing of what is decided of it. */
    private static String ofDecisions(Side side, @Nullable UUID reader) {
        return switch (side) {
            case INBOX -> "";
            case BOTH, OUTBOX -> " or r.decisionTold = :told and r.requestedBy = :organisation";
            case ALL ->
                " or r.decisionTold = :told"
                        + (reader == null
                                ? ""
                                : " and (r.requestedBy = :reader or r.provider is null or r.provider <> :reader)");
        };
    }

    private static final String OWN_STEP = " and r.stepOf = :organisation";

    private static String asked(boolean authority) {
        return "exists (select 1 from Offer o where o.referralId = r.referralId"
                + " and o.organisationId = :organisation and (o.standing in ('accepted', 'ended')"
                + " or o.standing = 'open'" + notWithheld("r", ":organisation") + "))"
                + (authority ? " and function('is_withheld_from_authorities' as Boolean, r.caseCode) = false" : "");
    }

    private static Uni<List<ReferralView>> complete(Mutiny.Session session, List<ReferralRow> rows) {
        List<UUID> ids = rows.stream().map(row -> row.referralId).toList();
        if (ids.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        return session.createSelectionQuery(
                        "from Offer o where o.referralId in (:ids) order by o.offeredAt, o.offerId", OfferRow.class)
                .setParameter("ids", ids)
                .getResultList()
                .flatMap(offers -> session.createSelectionQuery(
                                "from Task t where t.referralId in (:ids) and t.settledAt is null order by t.reason",
                                TaskRow.class)
                        .setParameter("ids", ids)
                        .getResultList()
                        .map(tasks -> views(rows, offers, tasks)));
    }

    private static List<ReferralView> views(List<ReferralRow> rows, List<OfferRow> offers, List<TaskRow> tasks) {
        Map<UUID, List<OfferView>> offersOf = new HashMap<>();
        offers.forEach(offer -> offersOf.computeIfAbsent(offer.referralId, none -> new ArrayList<>())
                .add(OfferView.of(offer)));
        Map<UUID, List<String>> tasksOf = new HashMap<>();
        tasks.forEach(task -> tasksOf.computeIfAbsent(task.referralId, none -> new ArrayList<>())
                .add(task.reason));
        return rows.stream()
                .map(row -> ReferralView.of(
                        row,
                        offersOf.getOrDefault(row.referralId, List.of()),
                        tasksOf.getOrDefault(row.referralId, List.of())))
                .toList();
    }

    static String notWithheld(String row) {
        return notWithheld(row, ":reader");
    }

    private static String notWithheld(String row, String reader) {
        return " and function('is_withheld' as Boolean, " + row + ".caseCode, " + reader + ") = false";
    }
}
