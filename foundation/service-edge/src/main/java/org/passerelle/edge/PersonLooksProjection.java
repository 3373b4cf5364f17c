package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.Projection;
import org.passerelle.eventsourcing.StoredEvent;

/** How much each account looked at, and the alarms about it; from the log, so that a restart forgets nothing. */
@ApplicationScoped
public class PersonLooksProjection implements Projection {

    @Override
    public String name() {
        return "person_look";
    }

    @Override
    public Set<String> tables() {
        return Set.of("person_look", "access_alarm");
    }

    @Override
    public Set<String> categories() {
        return Set.of(Reads.CATEGORY);
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        List<Long> looks = new ArrayList<>();
        List<String> accounts = new ArrayList<>();
        List<OffsetDateTime> times = new ArrayList<>();
        List<Integer> cases = new ArrayList<>();
        List<Long> alarms = new ArrayList<>();
        for (StoredEvent event : events) {
            switch (Reads.TYPES.decode(event)) {
                case Reads.CaseRead read -> {
                    Metadata by = event.metadata();
                    looks.add(event.id());
                    accounts.add(Memberships.account(by.issuer(), by.subject()));
                    times.add(event.recordedAt().atOffset(ZoneOffset.UTC));
                    cases.add((int) read.cases().stream().distinct().count());
                }
                case Reads.HarvestSuspected suspected -> alarms.add(event.id());
                case Reads.RequestsRefused refused -> {}
            }
        }
        Uni<Void> done = looks.isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.preparedQuery("insert into person_look (event_id, account, at, cases)"
                                + " select * from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::integer[])")
                        .execute(Tuple.of(
                                looks.toArray(Long[]::new),
                                accounts.toArray(String[]::new),
                                times.toArray(OffsetDateTime[]::new),
                                cases.toArray(Integer[]::new)))
                        .replaceWithVoid();
        return alarms.isEmpty()
                ? done
                : done.chain(
                        () -> tx.preparedQuery("insert into access_alarm (event_id) select * from unnest($1::bigint[])")
                                .execute(Tuple.of((Object) alarms.toArray(Long[]::new)))
                                .replaceWithVoid());
    }
}
