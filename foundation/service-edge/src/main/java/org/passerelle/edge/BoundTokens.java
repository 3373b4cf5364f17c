package org.passerelle.edge;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonString;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Certificate-bound tokens, RFC 8705: whoever stole one cannot use it, because it opens something only with the certificate
 * that it was given out for. Where TLS ends at a gateway, that tells the certificate in a header; it is believed from the
 * addresses of the configuration alone, and by default from nobody.
 */
@ApplicationScoped
class BoundTokens {

    private static final String SHA_256 = "x5t#S256";

    @Inject
    CurrentVertxRequest current;

    /** {@code Client-Cert}, RFC 9440. The gateway must remove it from whatever comes from outside. */
    @ConfigProperty(name = "passerelle.access.client-certificate.header")
    Optional<String> header;

    /** Networks of the gateways that may say it: {@code 10.1.0.0/16,::1}. */
    @ConfigProperty(name = "passerelle.access.client-certificate.from")
    Optional<List<String>> gateways;

    /** Whether partner systems need such a token. */
    @ConfigProperty(name = "passerelle.access.client-certificate.needed-by-systems", defaultValue = "false")
    boolean neededBySystems;

    /** @return false for a token that is bound to something else than what this request shows */
    boolean held(SecurityIdentity identity) {
        if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
            return true;
        }
        Object confirmation = token.getClaim("cnf");
        if (confirmation == null) {
            return !neededBySystems || !identity.getRoles().contains(Role.PARTNER_SYSTEM.code());
        }
        String bound = confirmation instanceof Map<?, ?> members ? text(members.get(SHA_256)) : null;
        // Bound to what we do not know, a key of DPoP say: nobody can show it here.
        return bound != null
                && shown(current.getCurrent().request())
                        .filter(one -> Thumbprint.same(one, bound))
                        .isPresent();
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case String text -> text;
            case JsonString text -> text.getString();
            case null, default -> null;
        };
    }

    /** Of the certificate that the other side of this connection has shown to hold the key of, or says that a client has. */
    Optional<String> shown(HttpServerRequest request) {
        if (request.isSSL() && request.sslSession() != null) {
            try {
                return Thumbprint.of(request.sslSession().getPeerCertificates()[0]);
            } catch (SSLPeerUnverifiedException none) {
                // The gateway may say it.
            }
        }
        if (header.isEmpty() || !fromAGateway(request.connection().remoteAddress())) {
            return Optional.empty();
        }
        List<String> told = request.headers().getAll(header.get());
        return told.size() == 1 ? Thumbprint.ofHeader(told.getFirst()) : Optional.empty();
    }

    /** By the connection itself: what the client says of where it comes from counts for nothing. */
    private boolean fromAGateway(@Nullable SocketAddress address) {
        return address != null
                && address.hostAddress() != null
                && Thumbprint.within(address.hostAddress(), gateways.orElse(List.of()));
    }
}
