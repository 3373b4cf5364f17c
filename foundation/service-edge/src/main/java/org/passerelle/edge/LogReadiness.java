package org.passerelle.edge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.passerelle.eventsourcing.RestoreCheck;

/** Not ready while a log that was set back or rewritten waits for an operator. */
@Readiness
@ApplicationScoped
public class LogReadiness implements HealthCheck {

    @Inject
    Kernel kernel;

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("log agrees with its topic and its witnesses");
        return switch (kernel.restoreCheck().verdict()) {
            case RestoreCheck.Verdict.Behind behind ->
                response.down()
                        .withData("lastSeq", behind.lastSeq())
                        .withData("toldSeq", behind.told())
                        .withData("remedy", "passerelle ctl adopt-restore " + kernel.service())
                        .build();
            case RestoreCheck.Verdict.Contradicted contradicted ->
                response.down()
                        .withData("lastSeq", contradicted.lastSeq())
                        .withData("witnessedSeq", contradicted.told())
                        .withData("contradictedBy", contradicted.witness())
                        .withData("remedy", "docs/proof.md, then passerelle ctl adopt-restore " + kernel.service())
                        .build();
            case RestoreCheck.Verdict.Unknown unknown ->
                response.up().withData("seen", false).build();
            case RestoreCheck.Verdict.Sound sound ->
                response.up().withData("seen", true).build();
        };
    }
}
