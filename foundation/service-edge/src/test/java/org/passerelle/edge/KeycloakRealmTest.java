package org.passerelle.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The realm that is shipped gives the tokens that the services read. */
class KeycloakRealmTest {

    private static JsonNode realm() throws IOException {
        return new ObjectMapper()
                .readTree(Path.of("../../deploy/keycloak/passerelle-realm.json").toFile());
    }

    @Test
    void itHasTheRolesOfThePolicyAndNoOther() throws IOException {
        assertThat(realm().at("/roles/realm").findValuesAsText("name"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Role.values()).map(Role::code).toList());
    }

    @Test
    void itsTokensSayWhatTheServicesRead() throws IOException {
        JsonNode scope = realm().at("/clientScopes/0/protocolMappers");
        assertThat(scope.findValuesAsText("claim.name")).contains("roles", "organisation", "auth_time");
        assertThat(scope.findValuesAsText("included.custom.audience")).containsExactly("passerelle");
        assertThat(realm().path("accessTokenLifespan").asInt()).isEqualTo(300);
        for (JsonNode client : realm().path("clients")) {
            assertThat(client.path("directAccessGrantsEnabled").asBoolean(true)).isFalse();
            assertThat(client.path("implicitFlowEnabled").asBoolean(true)).isFalse();
        }
    }

    /** A key of another kind would be made where one is asked for and the realm has none: it signs nothing then. */
    @Test
    void itsTokensAreSignedWithEllipticCurves() throws IOException {
        assertThat(realm().path("defaultSignatureAlgorithm").asText()).isEqualTo("ES256");
        JsonNode keys = realm().path("components").path("org.keycloak.keys.KeyProvider");
        assertThat(keys.findValuesAsText("providerId"))
                .containsExactly("ecdsa-generated", "hmac-generated", "aes-generated");
        assertThat(keys.at("/0/config/ecdsaEllipticCurveKey/0").asText()).isEqualTo("P-256");
    }

    /** Keycloak drops an attribute that the profile does not declare, and lets users change one that is not closed to them. */
    @Test
    void onlyAdministratorsSayForWhomSomebodyActs() throws IOException {
        JsonNode profile = new ObjectMapper()
                .readTree(realm().at("/components/org.keycloak.userprofile.UserProfileProvider/0/config")
                        .path("kc.user.profile.config")
                        .path(0)
                        .asText());
        JsonNode organisation = profile.path("attributes")
                .valueStream()
                .filter(attribute -> attribute.path("name").asText().equals("organisation"))
                .findFirst()
                .orElseThrow();
        assertThat(organisation.at("/permissions/edit").toString()).isEqualTo("[\"admin\"]");
    }

    /** The pages read who somebody is from the ID token, and ask for the scope {@code profile}. */
    @Test
    void theConsoleFindsItsClientItsScopesAndItsClaims() throws IOException {
        JsonNode console = realm().path("clients").path(0);
        assertThat(console.path("clientId").asText()).isEqualTo("passerelle-console");
        assertThat(console.path("publicClient").asBoolean()).isFalse();
        assertThat(console.path("redirectUris").toString()).doesNotContain("*");
        assertThat(realm().path("clientScopes").findValuesAsText("name")).contains("passerelle", "profile");
        for (JsonNode mapper : realm().at("/clientScopes/0/protocolMappers")) {
            if (List.of("roles", "organisation", "auth_time")
                    .contains(mapper.path("name").asText())) {
                assertThat(mapper.at("/config/id.token.claim").asText()).isEqualTo("true");
            }
        }
    }

    @Test
    void everybodyNeedsASecondFactor() throws IOException {
        JsonNode action = realm().path("requiredActions").path(0);
        assertThat(action.path("alias").asText()).isEqualTo("CONFIGURE_TOTP");
        assertThat(action.path("defaultAction").asBoolean()).isTrue();
        assertThat(realm().path("otpPolicyPeriod").asInt()).isEqualTo(30);
    }
}
