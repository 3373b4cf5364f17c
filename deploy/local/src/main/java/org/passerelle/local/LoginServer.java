package org.passerelle.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ResourceOwnerPasswordCredentialsGrant;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.OAuth2Exception;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.token.KeyProvider;
import no.nav.security.mock.oauth2.token.OAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID Connect server for one machine: invented users, no passwords, loopback only.
 *
 * <p>People come by the authorisation code flow (a page lists the users) or by the password grant with any password;
 * partner systems by client credentials with their user name as client id, and by a signed assertion where a key of
 * theirs is known. Their tokens end after five minutes.
 */
public final class LoginServer implements AutoCloseable {
    /** Path of the issuer below the public address; the gateway passes it on unchanged. */
    static final String ISSUER_PATH = "login/passerelle";

    private static final String AUDIENCE = "passerelle";
    private static final Set<String> PROFILES = Set.of("local", "test");
    private static final Duration LIFETIME = Duration.ofHours(8);
    private static final Duration LIFETIME_OF_SYSTEMS = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, LoginUser> users;
    private final ClientAssertions assertions = new ClientAssertions();
    private final MockOAuth2Server server;
    private final LoopbackHttpServer http;

    /**
     * Starts the server.
     *
     * @param profile must be local or test
     * @param port 0 takes any free one
     * @param publicBase address under which browsers and services reach it, null for its own
     * @param keyFile keeps the signing key, so that tokens outlive a restart; null for a key of this run only
     */
    public static LoginServer start(
            String profile, int port, @Nullable URI publicBase, @Nullable Path keyFile, List<LoginUser> users) {
        if (!PROFILES.contains(profile)) {
            throw new IllegalStateException("the login server of the one-machine set-up knows no passwords and runs"
                    + " in the profiles local and test only, not in '" + profile + "'");
        }
        var login = new LoginServer(profile.equals("test"), publicBase, keyFile, users);
        login.server.start(InetAddress.getLoopbackAddress(), port);
        return login;
    }

    private LoginServer(boolean test, @Nullable URI publicBase, @Nullable Path keyFile, List<LoginUser> users) {
        this.users = users.stream().collect(Collectors.toUnmodifiableMap(LoginUser::username, Function.identity()));
        this.http = new LoopbackHttpServer(publicBase, this::withClaimsOfTheUser);
        var keys = new KeyProvider(List.of(signingKey(keyFile)));
        var config = new OAuth2Config(
                true, null, null, false, new OAuth2TokenProvider(keys), Set.of(new Claims(test)), http);
        this.server = new MockOAuth2Server(config, new LoginPage(users));
    }

    public String issuer() {
        return server.issuerUrl(ISSUER_PATH).toString();
    }

    public int port() {
        return http.port();
    }

    /** A token for a user of the list. */
    public String token(String username) {
        return token(known(username));
    }

    /** A token for anybody: tests invent their own people. */
    public String token(LoginUser user) {
        return server.issueToken(
                        ISSUER_PATH,
                        user.username(),
                        AUDIENCE,
                        user.claims(),
                        lifetime(user).toSeconds())
                .serialize();
    }

    @Override
    public void close() {
        server.shutdown();
    }

    private LoginUser known(@Nullable String username) {
        var user = username == null ? null : users.get(username);
        if (user == null) {
            throw new OAuth2Exception(OAuth2Error.INVALID_GRANT.setDescription("unknown user"), "unknown user");
        }
        return user;
    }

    /** The page posts a user name only: what that user may do comes from the list, not from the browser. */
    private OAuth2HttpRequest withClaimsOfTheUser(OAuth2HttpRequest request) {
        if (!request.getMethod().equals("POST")
                || !request.getOriginalUrl().encodedPath().endsWith("/authorize")) {
            return request;
        }
        var username = request.getFormParameters().get("username");
        var user = username == null ? null : users.get(username);
        var body =
                user == null ? "" : "username=" + encoded(user.username()) + "&claims=" + encoded(json(loggedIn(user)));
        return new OAuth2HttpRequest(request.getHeaders(), request.getMethod(), request.getOriginalUrl(), body);
    }

    private static Duration lifetime(LoginUser user) {
        return user.isSystem() ? LIFETIME_OF_SYSTEMS : LIFETIME;
    }

    /** Whoever has a key proves to hold it; that somebody knows a name proves nothing then. */
    private void authenticate(LoginUser user, TokenRequest request) {
        var assertion = request.getAuthorizationGrant() instanceof ClientCredentialsGrant
                        && request.getClientAuthentication() instanceof PrivateKeyJWT signed
                ? signed.getClientAssertion()
                : null;
        if (user.jwk() == null && assertion == null) {
            return;
        }
        if (user.jwk() == null
                || assertion == null
                || !assertions.proves(
                        assertion,
                        user.username(),
                        key(user.jwk()),
                        List.of(issuer(), issuer() + "/token"),
                        Instant.now())) {
            throw new OAuth2Exception(OAuth2Error.INVALID_CLIENT, "not proven");
        }
    }

    private static JWK key(Map<String, Object> jwk) {
        try {
            return JWK.parse(jwk);
        } catch (ParseException e) {
            throw new IllegalStateException("not a key", e);
        }
    }

    /** With when they logged in: what needs a fresh login asks for it, and a refreshed token keeps it. */
    private static Map<String, Object> loggedIn(LoginUser user) {
        var claims = new LinkedHashMap<>(user.claims());
        claims.put("auth_time", Instant.now().getEpochSecond());
        if (user.isSystem()) {
            claims.put("exp", Instant.now().plus(LIFETIME_OF_SYSTEMS).getEpochSecond());
        }
        return claims;
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String json(Map<String, Object> claims) {
        try {
            return JSON.writeValueAsString(claims);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> claims(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new OAuth2Exception(OAuth2Error.INVALID_REQUEST.setDescription("claims"), "claims are not JSON");
        }
    }

    private static JWK signingKey(@Nullable Path file) {
        try {
            if (file != null && Files.exists(file)) {
                return RSAKey.parse(Files.readString(file));
            }
            var key = new RSAKeyGenerator(2048).keyID("passerelle").generate();
            if (file != null) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, key.toJSONString());
            }
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the login server's key in " + file, e);
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException("not a signing key: " + file, e);
        }
    }

    /** What goes into a token when no page was shown. */
    private final class Claims implements OAuth2TokenCallback {
        /** In tests only: a password grant may bring claims of its own, so that tests invent their own people. */
        private final boolean invented;

        Claims(boolean invented) {
            this.invented = invented;
        }

        @Override
        public String issuerId() {
            return ISSUER_PATH;
        }

        @Override
        public @Nullable String subject(TokenRequest request) {
            return username(request);
        }

        @Override
        public String typeHeader(TokenRequest request) {
            return "JWT";
        }

        @Override
        public List<String> audience(TokenRequest request) {
            return List.of(AUDIENCE);
        }

        @Override
        public Map<String, Object> addClaims(TokenRequest request) {
            var grant = request.getAuthorizationGrant();
            var claims = request.getCustomParameter("claims");
            if (invented && claims != null) {
                return claims(claims.getFirst());
            }
            if (grant instanceof ResourceOwnerPasswordCredentialsGrant || grant instanceof ClientCredentialsGrant) {
                var user = known(username(request));
                authenticate(user, request);
                return loggedIn(user);
            }
            return Map.of();
        }

        @Override
        public long tokenExpiry() {
            return LIFETIME.toSeconds();
        }

        private static @Nullable String username(TokenRequest request) {
            if (request.getAuthorizationGrant() instanceof ResourceOwnerPasswordCredentialsGrant password) {
                return password.getUsername();
            }
            var authentication = request.getClientAuthentication();
            if (authentication != null) {
                return authentication.getClientID().getValue();
            }
            var client = request.getClientID();
            return client == null ? null : client.getValue();
        }
    }
}
