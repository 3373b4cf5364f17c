package org.passerelle.assistance.erasing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.passerelle.assistance.plan.Plans;
import org.passerelle.edge.FollowingErasures;
import org.passerelle.eventsourcing.StreamId;

/** A person is erased: notes of what was done for them can be read no more. */
@ApplicationScoped
public class WhenPersonIsErasedThenDestroyKeys extends FollowingErasures {

    WhenPersonIsErasedThenDestroyKeys() {
        super(Plans.TYPES);
    }

    @Override
    public String consumer() {
        return "assistance.erasure";
    }

    @Override
    protected Uni<List<StreamId>> streams(SqlConnection tx, String caseCode) {
        return Uni.createFrom().item(List.of(Plans.KIND.stream(caseCode)));
    }
}
