package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.InlineProjection;
import org.passerelle.eventsourcing.Metadata;
import org.passerelle.eventsourcing.StoredEvent;

/**
 * The append asks once more, in its own transaction, whether whoever gave the command still acts for their organisation: a
 * member who was removed, or whose organisation was suspended, while the command was being decided writes nothing. What the
 * decision read of the case itself lies in its stream, whose version the append compares anyway.
 *
 * <p>The rows are locked against change until the commit, so that one of the two comes first. A service that takes
 * commands declares a bean of this.
 */
public abstract class WhoeverWritesStillActs implements InlineProjection {

    /** Locked by the reader in one order, so that two cannot wait for each other. */
    private static final String ENDED = """
            with author as (select distinct account, organisation from unnest($1::text[], $2::text[]) a (account, organisation)),
            members as (
                select m.removed from member m join author a on a.account = m.account and a.organisation = m.organisation
                order by m.account, m.organisation for share of m),
            standings as (
                select s.suspended from organisation_standing s
                where s.organisation in (select organisation from author)
                order by s.organisation for share)
            select exists (select 1 from members where removed) or exists (select 1 from standings where suspended) as ended
            """;

    private final Set<String> categories;

    /** @param categories of the streams that people's commands write to */
    protected WhoeverWritesStillActs(Set<String> categories) {
        this.categories = Set.copyOf(categories);
    }

    @Override
    public Set<String> categories() {
        return categories;
    }

    @Override
    public Uni<Void> apply(SqlConnection tx, List<StoredEvent> events) {
        Map<String, @Nullable String> authors = new LinkedHashMap<>();
        for (StoredEvent event : events) {
            Metadata by = event.metadata();
            if (by.organisation() != null) {
                authors.put(
                        Memberships.account(by.issuer(), by.subject()) + " " + by.organisation(), by.organisation());
            }
        }
        if (authors.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return tx.preparedQuery(ENDED)
                .execute(Tuple.of(
                        authors.keySet().stream()
                                .map(author -> author.substring(0, 64))
                                .toArray(String[]::new),
                        authors.values().toArray(String[]::new)))
                .invoke(rows -> {
                    if (rows.iterator().next().getBoolean("ended")) {
                        throw Access.unknown();
                    }
                })
                .replaceWithVoid();
    }
}
