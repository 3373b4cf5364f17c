package org.passerelle.edge;

import io.quarkus.oidc.IdTokenCredential;
import io.quarkus.security.identity.SecurityIdentity;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** What a login server signs besides access tokens, an ID token or the notice of a logout, opens no API. */
final class AccessTokens {

    private AccessTokens() {}

    /**
     * Whether the caller showed an access token, as far as the token says what it is: Keycloak writes that in {@code typ}.
     * Pages know their reader by the ID token, of a login that they have made themselves.
     */
    static boolean shown(SecurityIdentity identity) {
        if (!(identity.getPrincipal() instanceof JsonWebToken token)
                || identity.getCredential(IdTokenCredential.class) != null) {
            return true;
        }
        Object type = token.getClaim("typ");
        return type == null || type.toString().equals("Bearer");
    }
}
