package org.passerelle.referral.referring.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.passerelle.edge.Access;
import org.passerelle.edge.CaseAdmission;
import org.passerelle.edge.Relation;
import org.passerelle.edge.Withholding;

/** Admits to a case of which identification-service has told: its owner, and whoever needs no relation. */
@ApplicationScoped
class ToldCaseAdmission implements CaseAdmission {

    @Inject
    Pool pool;

    @Inject
    Access access;

    @Inject
    Withholding withholding;

    @Override
    public Uni<String> admitTo(String written) {
        return pool.preparedQuery("select owner_organisation from case_fact where case_code = $1")
                .execute(Tuple.of(written))
                .call(() -> withholding.heed(written))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw Access.unknown();
                    }
                    UUID owner = rows.iterator().next().getUUID("owner_organisation");
                    boolean owning = owner != null && access.caller().belongsTo(owner.toString());
                    access.require(owning ? Relation.OWNING : Relation.NONE);
                    return written;
                });
    }
}
