package org.passerelle.edge;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;

/**
 * For services that are told what a person withholds, and keep it so that the function {@code is_withheld(case, organisation)}
 * of their database knows.
 */
@ApplicationScoped
public class Withholding {

    @Inject
    Pool pool;

    @Inject
    Access access;

    /** Before the first access decision of a request about one case. */
    public Uni<Void> heed(String caseCode) {
        UUID reader = access.caller().organisationId();
        return reader == null
                ? Uni.createFrom().voidItem()
                : pool.preparedQuery("select is_withheld($1, $2)")
                        .execute(Tuple.of(caseCode, reader))
                        .invoke(rows -> {
                            if (rows.iterator().next().getBoolean(0)) {
                                access.withheldFromTheOrganisation();
                            }
                        })
                        .replaceWithVoid();
    }
}
