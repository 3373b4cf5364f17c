package org.passerelle.edge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Not ready before the facts that decide access, erasures among them, were heard to their end once: a service that was set
 * back must not open what was erased meanwhile.
 */
@Readiness
@ApplicationScoped
public class ErasureReadiness implements HealthCheck {

    @Inject
    Consuming consuming;

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("facts that decide access are heard")
                .status(consuming.heardWhatDecidesAccess())
                .build();
    }
}
