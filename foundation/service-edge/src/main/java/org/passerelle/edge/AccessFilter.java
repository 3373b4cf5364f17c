package org.passerelle.edge;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Lets a request in only where a role of the caller may ever do what the endpoint does. Default: deny. */
public class AccessFilter {

    private static final Pattern TRACEPARENT = Pattern.compile("00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

    @Inject
    CurrentIdentityAssociation identities;

    @Inject
    Access access;

    @Inject
    Problems problems;

    @Inject
    Kernel kernel;

    @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
    public Uni<@Nullable Response> filter(ContainerRequestContext request, ResourceInfo endpoint) {
        AccessTo wanted = endpoint.getResourceMethod().getAnnotation(AccessTo.class);
        if (wanted != null && wanted.value().equals(AccessTo.ANYONE)) {
            return Uni.createFrom().nullItem();
        }
        if (!kernel.mayAct() && endpoint.getResourceClass() != OperationsResource.class) {
            return Uni.createFrom().item(problems.respond(503, "log-restored", null));
        }
        return identities.getDeferredIdentity().map(identity -> {
            if (identity.isAnonymous()) {
                return problems.respond(401, "login-needed", null);
            }
            Optional<Caller> caller = caller(identity);
            if (wanted == null || caller.isEmpty() || !AccessPolicy.shipped().mayEver(caller.get(), wanted.value())) {
                return problems.respond(403, "not-permitted", null);
            }
            access.begin(caller.get(), wanted.value(), correlation(request.getHeaderString("traceparent")));
            return null;
        });
    }

    private static Optional<Caller> caller(SecurityIdentity identity) {
        if (!(identity.getPrincipal() instanceof JsonWebToken token)
                || token.getSubject() == null
                || token.getIssuer() == null) {
            return Optional.empty();
        }
        Set<Role> roles = identity.getRoles().stream()
                .map(Role::parse)
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet());
        String organisation = token.getClaim("organisation");
        return Optional.of(new Caller(token.getIssuer(), token.getSubject(), organisation, roles));
    }

    private static String correlation(@Nullable String traceparent) {
        if (traceparent != null) {
            var matcher = TRACEPARENT.matcher(traceparent);
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        return UUID.randomUUID().toString().replace("-", "");
    }
}
