package org.passerelle.reporting.console;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses to serve pages without a secret of their own: each replica would then invent one, and nobody's session would
 * outlive the next request. A migration job, which serves nothing, switches the tenant off instead.
 */
@ApplicationScoped
public class SessionSecret {
    /** Characters; a shorter one does not protect the session cookie. */
    private static final int SHORTEST = 32;

    void check(
            @Observes StartupEvent starting,
            @ConfigProperty(name = "quarkus.oidc.console.tenant-enabled", defaultValue = "true") boolean servesPages,
            @ConfigProperty(name = "passerelle.console.client-secret") Optional<String> secret) {
        if (servesPages && secret.filter(text -> text.length() >= SHORTEST).isEmpty()) {
            throw new IllegalStateException(
                    "passerelle.console.client-secret is missing or shorter than " + SHORTEST + " characters");
        }
    }
}
