package org.passerelle.reporting.replay.rest;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.passerelle.edge.Access;
import org.passerelle.edge.CaseAdmission;
import org.passerelle.reporting.ledger.keeping.Ledger;

/** Admits to what the ledger says of a case. */
@ApplicationScoped
class LedgerAdmission implements CaseAdmission {

    @Inject
    Ledger ledger;

    @Inject
    Access access;

    @Override
    public Uni<String> admitTo(String written) {
        return ledger.of(written)
                .invoke(entries -> CaseRelations.require(access, entries))
                .replaceWith(written);
    }
}
