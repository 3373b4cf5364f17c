package org.passerelle.edge;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.json.JsonNumber;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;
import org.passerelle.eventsourcing.RestoreCheck;

/** Lets a request in only where a role of the caller may ever do what the endpoint does. Default: deny. */
public class AccessFilter {

    private static final Pattern TRACEPARENT = Pattern.compile("00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

    private static final String RETIRING = "org.passerelle.retiring";

    private static final String ASKED = "org.passerelle.asked";

    private static final String TAKEN = "org.passerelle.taken";

    @Inject
    CurrentIdentityAssociation identities;

    @Inject
    Access access;

    @Inject
    Problems problems;

    @Inject
    Kernel kernel;

    @Inject
    Memberships memberships;

    @Inject
    MembersHeard heard;

    @Inject
    Denials denials;

    @Inject
    RateLimits limits;

    @Inject
    BoundTokens bound;

    @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
    public Uni<@Nullable Response> filter(ContainerRequestContext request, ResourceInfo endpoint) {
        AccessTo wanted = endpoint.getResourceMethod().getAnnotation(AccessTo.class);
        Retiring retiring = endpoint.getResourceMethod().getAnnotation(Retiring.class);
        if (retiring != null) {
            request.setProperty(RETIRING, retiring);
        }
        if (wanted != null && wanted.value().equals(AccessTo.ANYONE)) {
            return Uni.createFrom().nullItem();
        }
        RestoreCheck.Verdict log = kernel.restoreCheck().verdict();
        if (log.stops() && endpoint.getResourceClass() != OperationsResource.class) {
            return Uni.createFrom()
                    .item(problems.respond(
                            503,
                            log instanceof RestoreCheck.Verdict.Contradicted ? "log-contradicted" : "log-restored",
                            null));
        }
        return identities.getDeferredIdentity().flatMap(identity -> {
            if (identity.isAnonymous()) {
                return Uni.createFrom().item(problems.respond(401, "login-needed", null));
            }
            if (!AccessTokens.shown(identity) || !bound.held(identity)) {
                return Uni.createFrom().item(problems.respond(401, "login-needed", null));
            }
            Optional<Membership.Claims> claims = claims(identity);
            if (wanted == null || claims.isEmpty()) {
                return Uni.createFrom().item(problems.respond(403, "not-permitted", null));
            }
            request.setProperty(ASKED, new Denials.Asked(claims.get(), wanted.value()));
            Optional<Purpose> purpose = Purpose.stated(request.getHeaderString(Purpose.HEADER));
            if (purpose.isEmpty()) {
                return Uni.createFrom().item(problems.respond(400, "unknown-purpose", Purpose.HEADER));
            }
            RateLimits.Taken taken = limits.take(claims.get(), wanted.value());
            request.setProperty(TAKEN, taken);
            if (!taken.delay().isZero()) {
                return Uni.createFrom().item(tooFast(taken.delay()));
            }
            return memberships.caller(claims.get()).map(caller -> {
                if (caller.isEmpty() || !AccessPolicy.shipped().mayEver(caller.get(), wanted.value())) {
                    return problems.respond(403, "not-permitted", null);
                }
                access.begin(
                        caller.get(),
                        wanted.value(),
                        correlation(request.getHeaderString("traceparent")),
                        purpose.get(),
                        login(identity),
                        heard.silent());
                return null;
            });
        });
    }

    private Response tooFast(Duration wait) {
        long seconds = wait.plusMillis(999).toSeconds();
        Response response = problems.respond(429, "too-many-requests", null, seconds);
        response.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        return response;
    }

    @ServerResponseFilter
    public void sayWhatIsLeft(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(TAKEN) instanceof RateLimits.Taken taken) {
            response.getHeaders().putSingle("RateLimit", taken.header());
        }
    }

    @ServerResponseFilter
    public void sayThatItGoes(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(RETIRING) instanceof Retiring retiring) {
            response.getHeaders()
                    .putSingle("Deprecation", "@" + midnight(retiring.since()).toEpochSecond());
            response.getHeaders()
                    .putSingle("Sunset", DateTimeFormatter.RFC_1123_DATE_TIME.format(midnight(retiring.gone())));
        }
    }

    private static ZonedDateTime midnight(String day) {
        return LocalDate.parse(day).atStartOfDay(ZoneOffset.UTC);
    }

    /** Forbidden and unknown look the same, and count the same. A browser that has yet to log in tries nothing. */
    @ServerResponseFilter
    public void count(ContainerRequestContext request, ContainerResponseContext response) {
        int status = response.getStatus();
        if (request.getProperty(ASKED) instanceof Denials.Asked asked) {
            denials.count(asked, status);
        } else if (status == 401 && request.getHeaderString(HttpHeaders.AUTHORIZATION) != null) {
            denials.countRefusedToken();
        }
    }

    private static Optional<Membership.Claims> claims(SecurityIdentity identity) {
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
        return Optional.of(
                new Membership.Claims(token.getIssuer(), token.getSubject(), canonical(organisation), roles));
    }

    private static @Nullable Instant login(SecurityIdentity identity) {
        Object time = identity.getPrincipal() instanceof JsonWebToken token ? token.getClaim("auth_time") : null;
        return switch (time) {
            case Number seconds -> Instant.ofEpochSecond(seconds.longValue());
            case JsonNumber seconds -> Instant.ofEpochSecond(seconds.longValue());
            case null, default -> null;
        };
    }

    /** However a token writes an organisation's id, it is the one on record. */
    private static @Nullable String canonical(@Nullable String organisation) {
        try {
            return organisation == null ? null : UUID.fromString(organisation).toString();
        } catch (IllegalArgumentException noId) {
            return organisation;
        }
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
