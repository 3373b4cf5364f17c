package org.passerelle.identification.emergency.keeping;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import org.passerelle.edge.Access;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.StoredEvent;
import org.passerelle.identification.codes.CaseCode;
import org.passerelle.identification.emergency.GlassEvent.GlassBroken;
import org.passerelle.identification.emergency.GlassEvent.GlassReviewed;
import org.passerelle.identification.emergency.GlassStream;

/**
 * A glass lies in another stream than its case: the append asks once more, in its own transaction, whether the case is
 * withheld from whoever breaks or reviews it. A consent that withholds it holds the row until its commit, so one of the
 * two comes first.
 */
@ApplicationScoped
class WhomACaseIsWithheldFromBreaksNoGlass implements InlineProjection {

    private static final String WITHHELD = "select $2::text = any (withheld_from_organisations)"
            + " or $3::boolean and withheld_from_authorities as withheld from case_list where case_code = $1 for share";

    @Override
    public Set<String> categories() {
        return Set.of(GlassStream.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        return Multi.createFrom()
                .iterable(events)
                .filter(stored -> stored.metadata().organisation() != null)
                .onItem()
                .transformToUniAndConcatenate(stored -> switch (GlassStream.TYPES.decode(stored)) {
                    case GlassBroken broken -> ask(tx, broken.caseCode(), stored, broken.authority());
                    case GlassReviewed review -> ask(tx, review.caseCode(), stored, review.authority());
                })
                .onItem()
                .ignoreAsUni();
    }

    private static Uni<Void> ask(SqlConnection tx, CaseCode code, StoredEvent stored, boolean authority) {
        return tx.preparedQuery(WITHHELD)
                .execute(Tuple.of(code.text(), stored.metadata().organisation(), authority))
                .invoke(rows -> rows.forEach(row -> {
                    if (row.getBoolean("withheld")) {
                        throw Access.unknown();
                    }
                }))
                .replaceWithVoid();
    }
}
