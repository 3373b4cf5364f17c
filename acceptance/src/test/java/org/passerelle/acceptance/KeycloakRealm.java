package org.passerelle.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A realm with its clients, made by its administrator out of those that the file has, and as deploy/keycloak says. */
final class KeycloakRealm {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PEOPLE = "passerelle-people";
    private static final String PATTERN = "partner-example";

    private final Keycloak keycloak;
    private final String name;

    KeycloakRealm(Keycloak keycloak, String name) {
        this.keycloak = keycloak;
        this.name = name;
    }

    /** How the person is known, and what the pages of the login gave for them. */
    record Person(String subject, String accessToken, String idToken, String refreshToken) {}

    String issuer() {
        return keycloak.uri("/realms/" + name).toString();
    }

    private URI tokens() {
        return URI.create(issuer() + "/protocol/openid-connect/token");
    }

    private JsonNode admin(String method, String path, JsonNode body, int status) {
        return keycloak.admin(method, "/admin/realms/" + name + path, body, status);
    }

    private JsonNode admin(String path) {
        return keycloak.admin("GET", "/admin/realms/" + name + path, null, 200);
    }

    private ObjectNode client(String id) {
        return (ObjectNode) admin("/clients?clientId=" + id).get(0);
    }

    /** Switches on the client of people's own applications. */
    void admitPeoplesApplications() {
        ObjectNode people = client(PEOPLE);
        admin("PUT", "/clients/" + people.path("id").asText(), people.put("enabled", true), 204);
    }

    /** Makes an account with a password that holds until its first login, and logs it in by the pages. */
    Person person(String username, List<String> roles, String organisation) {
        ObjectNode user = JSON.createObjectNode()
                .put("username", username)
                .put("enabled", true)
                .put("firstName", "Exemple")
                .put("lastName", "Exemple")
                .put("email", username + "@example.org");
        user.putObject("attributes").putArray("organisation").add(organisation);
        String temporary = UUID.randomUUID().toString();
        user.putArray("credentials")
                .addObject()
                .put("type", "password")
                .put("value", temporary)
                .put("temporary", true);
        admin("POST", "/users", user, 201);
        String id = admin("/users?exact=true&username=" + username)
                .get(0)
                .path("id")
                .asText();
        give(id, roles);
        return person(
                id,
                new KeycloakLogin(username, temporary)
                        .tokens(
                                URI.create(issuer() + "/protocol/openid-connect/auth"),
                                tokens(),
                                PEOPLE,
                                client(PEOPLE).path("redirectUris").get(0).asText()));
    }

    /** With tokens that are new, for those that they had. */
    Person renewed(Person person) {
        return person(
                person.subject(),
                token(Map.of(
                        "grant_type", "refresh_token", "client_id", PEOPLE, "refresh_token", person.refreshToken())));
    }

    private static Person person(String subject, JsonNode answer) {
        return new Person(
                subject,
                answer.path("access_token").asText(),
                answer.path("id_token").asText(),
                answer.path("refresh_token").asText());
    }

    private void give(String user, List<String> roles) {
        ArrayNode given = JSON.createArrayNode();
        roles.forEach(role -> given.add(admin("/roles/" + role)));
        admin("POST", "/users/" + user + "/role-mappings/realm", given, 204);
    }

    /**
     * A partner's client after the pattern of the file.
     *
     * @param seconds that its tokens live
     */
    Partner partner(String id, List<String> roles, String organisation, int seconds) throws JOSEException {
        ECKey key = new ECKeyGenerator(Curve.P_256)
                .keyUse(KeyUse.SIGNATURE)
                .keyID(id)
                .algorithm(JWSAlgorithm.ES256)
                .generate();
        ObjectNode client = client(PATTERN);
        client.remove("id");
        client.put("clientId", id).put("enabled", true);
        ((ObjectNode) client.path("attributes"))
                .put("access.token.lifespan", "" + seconds)
                .put("use.jwks.url", "false")
                .put("use.jwks.string", "true")
                .put("jwks.string", new JWKSet(key).toString());
        admin("POST", "/clients", client, 201);
        ObjectNode account =
                (ObjectNode) admin("/clients/" + client(id).path("id").asText() + "/service-account-user");
        account.putObject("attributes").putArray("organisation").add(organisation);
        String user = account.path("id").asText();
        admin("PUT", "/users/" + user, account, 204);
        give(user, roles);
        return new Partner(id, key);
    }

    /** The token of an application of the same realm that has nothing to do with Passerelle. */
    String tokenOfAnotherApplication() {
        ObjectNode client = JSON.createObjectNode()
                .put("clientId", "another-application")
                .put("secret", UUID.randomUUID().toString())
                .put("standardFlowEnabled", false)
                .put("serviceAccountsEnabled", true);
        client.putArray("defaultClientScopes").add("profile");
        admin("POST", "/clients", client, 201);
        return token(Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        "another-application",
                        "client_secret",
                        client.path("secret").asText()))
                .path("access_token")
                .asText();
    }

    private JsonNode token(Map<String, String> form) {
        return Http.json(Http.send(Http.form(tokens(), form)).body());
    }

    /** A partner's system, which signs its assertions with a key that nobody else has. */
    final class Partner {
        private final String id;
        private final ECKey key;

        private Partner(String id, ECKey key) {
            this.id = id;
            this.key = key;
        }

        String assertion() throws JOSEException {
            Instant now = Instant.now();
            SignedJWT assertion = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(key.getKeyID())
                            .build(),
                    new JWTClaimsSet.Builder()
                            .issuer(id)
                            .subject(id)
                            .audience(issuer())
                            .jwtID(UUID.randomUUID().toString())
                            .issueTime(Date.from(now))
                            .expirationTime(Date.from(now.plusSeconds(60)))
                            .build());
            assertion.sign(new ECDSASigner(key));
            return assertion.serialize();
        }

        /** The whole answer. */
        JsonNode token(String assertion) {
            return KeycloakRealm.this.token(Map.of(
                    "grant_type",
                    "client_credentials",
                    "client_id",
                    id,
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                    "client_assertion",
                    assertion));
        }

        String token() throws JOSEException {
            return token(assertion()).path("access_token").asText();
        }
    }
}
