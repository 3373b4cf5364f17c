package org.passerelle.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
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
}
