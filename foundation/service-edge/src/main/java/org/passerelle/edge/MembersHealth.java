package org.passerelle.edge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Says when personal fields are held back. Never down for it: needs are still stated and routed. */
@Readiness
@ApplicationScoped
public class MembersHealth implements HealthCheck {

    @Inject
    MembersHeard heard;

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("the source of memberships is heard")
                .up()
                .withData("silentSeconds", heard.silence().toSeconds())
                .withData("limitSeconds", heard.limit().toSeconds())
                .withData("personalFieldsHeldBack", heard.silent())
                .build();
    }
}
