package org.passerelle.edge.testkit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Bearer tokens of the real login server for invented people. */
public final class Tokens {

    private Tokens() {}

    /**
     * @param roles as written in tokens: {@code case-worker}
     */
    @SuppressWarnings("unchecked")
    public static String of(String username, List<String> roles, @Nullable String organisation) {
        var tokens = (BiFunction<String, Map<String, Object>, String>)
                System.getProperties().get(LocalBackends.TOKENS);
        if (tokens == null) {
            throw new IllegalStateException("the test class needs @QuarkusTestResource(LocalBackends.class)");
        }
        Map<String, Object> claims = new HashMap<>();
        claims.put("roles", List.copyOf(roles));
        if (organisation != null) {
            claims.put("organisation", organisation);
        }
        return tokens.apply(username, claims);
    }
}
