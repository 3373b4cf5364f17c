package org.passerelle.assistance.planning;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;
import org.passerelle.assistance.plan.Plan;
import org.passerelle.assistance.planning.PlanLine.ServiceLine;

/** Which plans somebody has to look after, those with the earliest follow-up first. */
@ApplicationScoped
public class WorklistQuery {

    /** Sorts after every follow-up: plans without one come last. */
    static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

    private static final String PLANS = """
            select p from PlanOnWorklist p
            where p.stage <> :notOpened
              and (:everything = true
                or p.owner = :owner
                or exists (select 1 from ServiceOnWorklist s
                           where s.caseCode = p.caseCode and s.organisation = :provider
                             and ((s.ended is null and :providing = true)
                               or (s.ended is not null and :provided = true))))
              and (:everything = false or p.owner = :owner
                or function('is_withheld' as Boolean, p.caseCode, :provider) = false)
              and (:dueOnly = false or (p.followUpsDue > 0 and (:everything = true or p.owner = :owner)))
              and (coalesce(p.nextFollowUpAt, :never) > :afterTime
                or (coalesce(p.nextFollowUpAt, :never) = :afterTime and p.caseCode > :afterCode))
            order by coalesce(p.nextFollowUpAt, :never), p.caseCode
            """;

    private static final String SERVICES =
            "select s from ServiceOnWorklist s where s.caseCode in :cases order by s.agreedAt, s.offerId";

    private static final UUID NOBODY = new UUID(0, 0);

    @Inject
    Mutiny.SessionFactory sessions;

    /**
     * Whose plans.
     *
     * @param organisation of the reader; null where they have none
     * @param owning       plans that it owns
     * @param providing    plans that it gives a service of now
     * @param hasProvided  plans that it gave a service of
     * @param everything   every plan of the mechanism, but for those withheld from the reader's organisation
     */
    public record Scope(
            @Nullable UUID organisation, boolean owning, boolean providing, boolean hasProvided, boolean everything) {

        UUID owner() {
            return organisation == null || !owning ? NOBODY : organisation;
        }

        UUID provider() {
            return organisation == null ? NOBODY : organisation;
        }

        boolean whole(PlanOnWorklist plan) {
            return everything || owner().equals(plan.owner);
        }

        boolean sees(ServiceOnWorklist service) {
            return provider().equals(service.organisation) && (service.ended == null ? providing : hasProvided);
        }
    }

    /** Where a page begins: after this plan. */
    public record After(Instant nextFollowUpAt, String caseCode) {

        static final After NOTHING = new After(Instant.EPOCH, "");

        /** The text form, as the cursors carry it. */
        static After parse(String position) {
            String[] parts = position.split(" ", 2);
            return new After(Instant.parse(parts[0]), parts[1]);
        }

        String position() {
            return nextFollowUpAt + " " + caseCode;
        }

        static After of(PlanOnWorklist plan) {
            return new After(plan.nextFollowUpAt == null ? NEVER : plan.nextFollowUpAt, plan.caseCode);
        }
    }

    /** A page, and where the next one begins. */
    public record Page(List<PlanLine> plans, After last) {}

    public Uni<Page> page(Scope scope, boolean dueOnly, After after, int limit) {
        return sessions.withSession(session -> session.createSelectionQuery(PLANS, PlanOnWorklist.class)
                .setParameter("notOpened", Plan.Stage.NOT_OPENED)
                .setParameter("everything", scope.everything())
                .setParameter("owner", scope.owner())
                .setParameter("provider", scope.provider())
                .setParameter("providing", scope.providing())
                .setParameter("provided", scope.hasProvided())
                .setParameter("dueOnly", dueOnly)
                .setParameter("never", NEVER)
                .setParameter("afterTime", after.nextFollowUpAt())
                .setParameter("afterCode", after.caseCode())
                .setMaxResults(limit)
                .getResultList()
                .flatMap(plans -> plans.isEmpty()
                        ? Uni.createFrom().item(new Page(List.of(), after))
                        : session.createSelectionQuery(SERVICES, ServiceOnWorklist.class)
                                .setParameter(
                                        "cases",
                                        plans.stream()
                                                .map(plan -> plan.caseCode)
                                                .toList())
                                .getResultList()
                                .map(services -> page(scope, plans, services))));
    }

    private static Page page(Scope scope, List<PlanOnWorklist> plans, List<ServiceOnWorklist> services) {
        Map<String, List<ServiceOnWorklist>> byCase =
                services.stream().collect(Collectors.groupingBy(service -> service.caseCode));
        return new Page(
                plans.stream()
                        .map(plan -> line(scope, plan, byCase.getOrDefault(plan.caseCode, List.of())))
                        .toList(),
                After.of(plans.getLast()));
    }

    private static PlanLine line(Scope scope, PlanOnWorklist plan, List<ServiceOnWorklist> services) {
        boolean whole = scope.whole(plan);
        return new PlanLine(
                plan.caseCode,
                plan.owner,
                plan.stage,
                whole ? plan.closure : null,
                services.stream()
                        .filter(service -> whole || scope.sees(service))
                        .map(service -> new ServiceLine(
                                service.referralId,
                                service.service,
                                service.organisation,
                                service.agreedAt,
                                service.ended,
                                service.deliveries))
                        .toList(),
                whole ? plan.openReferrals : null,
                whole ? plan.followUpsDue : null,
                whole ? plan.nextFollowUpAt : null,
                plan.version);
    }
}
