package org.passerelle.edge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.passerelle.eventsourcing.Exposure;

/** States the exposed window. Never down: people are not helped less because a witness does not answer. */
@Readiness
@ApplicationScoped
public class ProofHealth implements HealthCheck {

    @Inject
    Proofs proofs;

    @Override
    public HealthCheckResponse call() {
        Exposure exposure = proofs.exposure();
        return HealthCheckResponse.named("history is witnessed")
                .up()
                .withData("witnessedSeq", exposure.witnessed())
                .withData("exposedEvents", exposure.events())
                .withData("exposedSeconds", (long) Math.ceil(exposure.seconds()))
                .withData("limitSeconds", Exposure.LIMIT.toSeconds())
                .withData("contradicted", proofs.contradicted())
                .build();
    }
}
