package org.passerelle.eventsourcing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Set;

/**
 * A read model made from the log alone. {@link Projecting} keeps it up to date, some milliseconds behind; {@link Rebuild}
 * makes it anew beside the one that is read. A class that is an {@link InlineProjection} as well is kept up to date by
 * the appends, and can be rebuilt.
 *
 * <p>So that it can be made anew it is deterministic: the same events in the same order give the same rows, however they
 * are split into calls. No clock, no random id, no other table.
 */
public interface Projection {

    /** 1 to 40 lower-case letters and underscores; the same for ever. */
    String name();

    /**
     * Its tables, without schema; apply names them so too. Nothing else writes them; no view, no foreign key and no
     * other role's grant leans on them.
     */
    Set<String> tables();

    /** The stream categories it wants. */
    Set<String> categories();

    /**
     * Events in the order of the log. To be fast, fold what belongs to one row in memory and write many rows by one
     * statement ({@code insert … select from unnest}): a rebuild hands over up to {@value EventLog#MAX_PAGE} at once.
     */
    Uni<Void> apply(SqlConnection tx, List<StoredEvent> events);
}
