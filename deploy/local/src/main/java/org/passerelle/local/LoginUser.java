package org.passerelle.local;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An invented person or partner system that can log in.
 *
 * @param organisation id of the organisation, null for somebody who belongs to none
 * @param language preferred language, ISO 639-1
 * @param jwk public key of a partner system that proves itself by signed assertions (RFC 7523), and then by nothing else;
 *     null for who just says who they are
 */
public record LoginUser(
        String username,
        String name,
        List<String> roles,
        @Nullable String organisation,
        @Nullable String language,
        @Nullable Map<String, Object> jwk) {
    private static final String USERS = "/demonstration/users.json";

    public LoginUser {
        roles = List.copyOf(roles);
    }

    LoginUser(
            String username,
            String name,
            List<String> roles,
            @Nullable String organisation,
            @Nullable String language) {
        this(username, name, roles, organisation, language, null);
    }

    /** A partner's system, whose tokens end soon. */
    boolean isSystem() {
        return roles.contains("partner-system");
    }

    /** The users of the demonstration country. */
    static List<LoginUser> demonstration() {
        try (var json = LoginUser.class.getResourceAsStream(USERS)) {
            return json == null ? List.of() : new ObjectMapper().readValue(json, new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + USERS, e);
        }
    }

    /** Writes the demonstration country's users to a file. */
    static void writeDemonstration(Path file) {
        try (var json = LoginUser.class.getResourceAsStream(USERS)) {
            if (json != null) {
                Files.copy(json, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** The claims that Passerelle's services read from a token, besides its subject. */
    Map<String, Object> claims() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("name", name);
        claims.put("preferred_username", username);
        claims.put("roles", roles);
        if (organisation != null) {
            claims.put("organisation", organisation);
        }
        if (language != null) {
            claims.put("preferred_language", language);
        }
        return claims;
    }
}
