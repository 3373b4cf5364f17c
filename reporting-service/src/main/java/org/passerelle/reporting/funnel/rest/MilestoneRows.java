package org.passerelle.reporting.funnel.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import org.passerelle.reporting.funnel.Stage;
import org.passerelle.reporting.ledger.Fact;

/** One row per case: when it first reached each stage. The earliest time wins, so facts may come in any order. */
@ApplicationScoped
public class MilestoneRows {

    /** Moves the case's row by one fact, in the transaction that keeps the fact. */
    public Uni<Void> reach(SqlConnection tx, String caseCode, Fact fact, Instant at) {
        Optional<Stage> reached = Stage.reachedBy(fact);
        if (reached.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        OffsetDateTime time = at.atOffset(ZoneOffset.UTC);
        if (fact instanceof Fact.CaseDetected found) {
            return tx.preparedQuery("insert into case_milestones as m (case_code, place, found_at, detected_at)"
                            + " values ($1, $2, $3, $4) on conflict (case_code) do update set"
                            + " place = excluded.place, found_at = excluded.found_at,"
                            + " detected_at = least(m.detected_at, excluded.detected_at)")
                    .execute(Tuple.wrap(Arrays.asList(
                            caseCode, found.place(), found.foundAt().atOffset(ZoneOffset.UTC), time)))
                    .replaceWithVoid();
        }
        // The column comes from our own enum; least() passes over nulls.
        String column = column(reached.get());
        return tx.preparedQuery(("insert into case_milestones as m (case_code, %1$s) values ($1, $2)"
                                + " on conflict (case_code) do update set %1$s = least(m.%1$s, excluded.%1$s)")
                        .formatted(column))
                .execute(Tuple.of(caseCode, time))
                .replaceWithVoid();
    }

    static String column(Stage stage) {
        return stage.code() + "_at";
    }
}
