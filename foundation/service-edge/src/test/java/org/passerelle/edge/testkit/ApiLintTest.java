package org.passerelle.edge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ApiLintTest {

    @Test
    void everyRuleFindsWhatBreaksIt() throws Exception {
        JsonNode document = new ObjectMapper().readTree("""
                {"servers": [{"url": "http://passerelle.example"}],
                 "components": {"securitySchemes": {
                   "basic": {"type": "http", "scheme": "basic"},
                   "old": {"type": "http", "scheme": "oauth"},
                   "key": {"type": "apiKey", "in": "query"},
                   "jwt": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                   "flow": {"type": "oauth2", "description": "RFC8725", "flows": {"clientCredentials": {}}}}},
                 "paths": {"/some/things/{id}": {
                   "get": {"parameters": [
                       {"name": "id", "in": "path", "schema": {"type": "integer"}},
                       {"name": "password", "in": "query", "schema": {"type": ["string", "null"]}},
                       {"name": "redirect", "in": "query", "schema": {"type": "array"}}],
                     "responses": {"200": {"content": {"a/b": {"schema":
                       {"type": "object", "unevaluatedProperties": true}}}}}},
                   "post": {"security": [{"basic": []}], "responses": {"200": {}}},
                   "delete": {"security": [], "responses": {}}}}}""");
        Set<String> rules = new TreeSet<>();
        ApiLint.findings(document).forEach(finding -> rules.add(finding.replaceFirst("owasp:(\\S+) at .*", "$1")));
        assertThat(rules)
                .containsExactlyInAnyOrder(
                        "api1:2023-no-numeric-ids",
                        "api2:2023-auth-insecure-schemes",
                        "api2:2023-jwt-best-practices",
                        "api2:2023-no-api-keys-in-url",
                        "api2:2023-no-credentials-in-url",
                        "api2:2023-no-http-basic",
                        "api2:2023-read-restricted",
                        "api2:2023-short-lived-access-tokens",
                        "api2:2023-write-restricted",
                        "api3:2023-no-unevaluatedProperties",
                        "api4:2023-array-limit",
                        "api4:2023-integer-format",
                        "api4:2023-integer-limit",
                        "api4:2023-rate-limit",
                        "api4:2023-rate-limit-responses-429",
                        "api4:2023-rate-limit-retry-after",
                        "api4:2023-string-limit",
                        "api4:2023-string-restricted",
                        "api7:2023-concerning-url-parameter",
                        "api8:2023-define-error-responses-401",
                        "api8:2023-define-error-responses-500",
                        "api8:2023-define-error-validation",
                        "api8:2023-no-server-http",
                        "api9:2023-inventory-access",
                        "api9:2023-inventory-environment");
    }
}
