package org.passerelle.assistance.planning;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;
import org.passerelle.assistance.access.Told;
import org.passerelle.assistance.plan.ClosureReason;
import org.passerelle.assistance.plan.OrganisationId;
import org.passerelle.assistance.plan.PlanCommand;
import org.passerelle.assistance.plan.PlanCommand.NoteCase;
import org.passerelle.assistance.plan.PlanCommand.NoteCaseClosed;
import org.passerelle.assistance.plan.Plans;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.EventStore;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.eventsourcing.Metadata;

/** Who answers for a case answers for its plan; a closed case closes its plan. */
@ApplicationScoped
public class WhenCaseMovesThenPlanFollows implements Effect {

    private static final String DETECTED = "passerelle.identification.case-detected.v1";
    private static final String CLOSED = "passerelle.identification.case-closed.v1";

    record CaseDetected(OrganisationId ownerOrganisation) {}

    record CaseClosed(ClosureReason reason) {}

    private final EventStore store;

    @Inject
    public WhenCaseMovesThenPlanFollows(EventStore store) {
        this.store = store;
    }

    @Override
    public String consumer() {
        return "plans-of-cases";
    }

    @Override
    public String topic() {
        return "passerelle.identification";
    }

    @Override
    public Set<String> types() {
        return Set.of(DETECTED, CLOSED);
    }

    @Override
    public boolean decidesAccess() {
        return true;
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        PlanCommand command = event.type().equals(DETECTED)
                ? new NoteCase(Told.as(CaseDetected.class, event).ownerOrganisation())
                : new NoteCaseClosed(Told.as(CaseClosed.class, event).reason());
        return store.handleIn(tx, Plans.KIND, Plans.of(event.subject()), command, Metadata.because("planning", event))
                .replaceWithVoid();
    }
}
