package org.passerelle.assistance.access;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.passerelle.assistance.plan.Plan;
import org.passerelle.assistance.plan.Plans;
import org.passerelle.assistance.plan.ReferralId;
import org.passerelle.edge.Access;
import org.passerelle.edge.Caller;
import org.passerelle.edge.CaseAdmission;
import org.passerelle.edge.Consuming;
import org.passerelle.edge.Decision;
import org.passerelle.edge.Relation;
import org.passerelle.edge.Withholding;
import org.passerelle.eventsourcing.EventStore;

/** The plan of a case for a caller who may do what they ask; for everybody else it is unknown. */
@ApplicationScoped
public class PlanAccess implements CaseAdmission {

    private static final Pattern CASE_CODE = Pattern.compile("[0-9]{4}-[0-9]{4}-[0-9]{4}");

    @Inject
    EventStore store;

    @Inject
    Access access;

    @Inject
    Consuming consuming;

    @Inject
    Withholding withholding;

    public Uni<VisiblePlan> require(String caseCode) {
        return require(caseCode, Relations::to);
    }

    @Override
    public Uni<String> admitTo(String written) {
        return require(written).map(VisiblePlan::caseCode);
    }

    /** For what concerns one service of the plan. */
    public Uni<VisiblePlan> requireForService(String caseCode, ReferralId referral) {
        return require(caseCode, (plan, caller) -> Relations.toService(plan, referral, caller));
    }

    private Uni<VisiblePlan> require(String caseCode, BiFunction<Plan, Caller, Set<Relation>> relations) {
        if (!CASE_CODE.matcher(caseCode).matches()) {
            return Uni.createFrom().failure(Access.unknown());
        }
        return store.load(Plans.KIND, Plans.of(caseCode)).flatMap(loaded -> {
            Plan plan = loaded.state();
            if (plan.stage() == Plan.Stage.NOT_OPENED) {
                throw Access.unknown();
            }
            return withholding
                    .heed(caseCode)
                    .chain(() -> consuming.counting(caseCode, relations.apply(plan, access.caller())))
                    .map(counting -> {
                        Decision best = Stream.concat(counting.stream(), Stream.of(Relation.NONE))
                                .map(access::decide)
                                .filter(Decision::permitted)
                                .max(Comparator.comparing(Decision::mask))
                                .orElseThrow(Access::unknown);
                        return new VisiblePlan(caseCode, plan, loaded.version(), best);
                    });
        });
    }
}
