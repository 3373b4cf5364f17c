package org.passerelle.reporting.outcomes.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.passerelle.eventsourcing.Effect;

/** One consumer for each topic that tells of outcomes. */
@ApplicationScoped
public class OutcomeChannels {

    @Produces
    @Singleton
    Effect outcomesOfIdentification() {
        return new CountingOutcomes("identification");
    }

    @Produces
    @Singleton
    Effect outcomesOfReferral() {
        return new CountingOutcomes("referral");
    }
}
