package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.passerelle.eventsourcing.Projection;
import org.passerelle.eventsourcing.StoredEvent;

/** Which records of reads concern which case; from the log, so that no read waits for it. */
@ApplicationScoped
public class LooksProjection implements Projection {

    @Override
    public String name() {
        return "case_look";
    }

    @Override
    public Set<String> tables() {
        return Set.of("case_look");
    }

    @Override
    public Set<String> categories() {
        return Set.of(Reads.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        List<String> cases = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        for (StoredEvent event : events) {
            switch (Reads.TYPES.decode(event)) {
                case Reads.CaseRead read ->
                    read.cases().stream().distinct().forEach(code -> {
                        cases.add(code);
                        ids.add(event.id());
                    });
                case Reads.RequestsRefused refused -> {}
                case Reads.HarvestSuspected suspected -> {}
            }
        }
        return cases.isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.preparedQuery(
                                "insert into case_look (case_code, event_id) select * from unnest($1::text[], $2::bigint[])")
                        .execute(Tuple.of(cases.toArray(String[]::new), ids.toArray(Long[]::new)))
                        .replaceWithVoid();
    }
}
