package org.passerelle.reporting.ledger.keeping;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Set;
import java.util.stream.Collectors;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.eventsourcing.IncomingEvent;
import org.passerelle.reporting.funnel.rest.MilestoneRows;
import org.passerelle.reporting.ledger.Fact;
import org.passerelle.reporting.ledger.Facts;

/** Writes what one service tells about its cases into the ledger, and moves the case's milestones. */
final class KeepingTheLedger implements Effect {
    private final String service;
    private final Ledger ledger;
    private final MilestoneRows milestones;

    KeepingTheLedger(String service, Ledger ledger, MilestoneRows milestones) {
        this.service = service;
        this.ledger = ledger;
        this.milestones = milestones;
    }

    @Override
    public String consumer() {
        return "ledger-of-" + service;
    }

    @Override
    public String topic() {
        return "passerelle." + service;
    }

    @Override
    public Set<String> types() {
        return Facts.types().stream()
                .filter(type -> type.startsWith(topic() + "."))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** An event that does not read as its type fails here: its case is parked before anything of it is written. */
    @Override
    public Uni<Void> apply(SqlConnection tx, IncomingEvent event) {
        return Uni.createFrom().deferred(() -> {
            Fact fact = Facts.read(event.type(), event.data().toString());
            return ledger.add(tx, event)
                    .chain(() -> fact instanceof Fact.PersonErased
                            ? ledger.strip(tx, event.subject())
                            : Uni.createFrom().voidItem())
                    .chain(() -> milestones.reach(tx, event.subject(), fact, event.time()));
        });
    }
}
