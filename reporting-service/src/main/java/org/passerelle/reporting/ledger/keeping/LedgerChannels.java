package org.passerelle.reporting.ledger.keeping;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.passerelle.edge.Consuming;
import org.passerelle.reporting.funnel.rest.MilestoneRows;

/** One channel for each of the three topics: a topic that stands still holds up no other. */
@ApplicationScoped
public class LedgerChannels {
    private final Consuming consuming;
    private final KeepingTheLedger identification;
    private final KeepingTheLedger referral;
    private final KeepingTheLedger assistance;

    @Inject
    LedgerChannels(Consuming consuming, Ledger ledger, MilestoneRows milestones) {
        this.consuming = consuming;
        this.identification = new KeepingTheLedger("identification", ledger, milestones);
        this.referral = new KeepingTheLedger("referral", ledger, milestones);
        this.assistance = new KeepingTheLedger("assistance", ledger, milestones);
    }

    @Incoming("identification")
    Uni<Void> identification(ConsumerRecord<String, byte[]> told) {
        return consuming.receive(told, identification);
    }

    @Incoming("referral")
    Uni<Void> referral(ConsumerRecord<String, byte[]> told) {
        return consuming.receive(told, referral);
    }

    @Incoming("assistance")
    Uni<Void> assistance(ConsumerRecord<String, byte[]> told) {
        return consuming.receive(told, assistance);
    }
}
