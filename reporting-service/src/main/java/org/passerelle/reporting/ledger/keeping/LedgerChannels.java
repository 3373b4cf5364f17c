package org.passerelle.reporting.ledger.keeping;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.passerelle.eventsourcing.Effect;
import org.passerelle.reporting.funnel.rest.MilestoneRows;

/** One consumer for each of the three topics: a topic that stands still holds up no other. */
@ApplicationScoped
public class LedgerChannels {
    private final Ledger ledger;
    private final MilestoneRows milestones;

    @Inject
    LedgerChannels(Ledger ledger, MilestoneRows milestones) {
        this.ledger = ledger;
        this.milestones = milestones;
    }

    @Produces
    @Singleton
    Effect identification() {
        return new KeepingTheLedger("identification", ledger, milestones);
    }

    @Produces
    @Singleton
    Effect referral() {
        return new KeepingTheLedger("referral", ledger, milestones);
    }

    @Produces
    @Singleton
    Effect assistance() {
        return new KeepingTheLedger("assistance", ledger, milestones);
    }
}
